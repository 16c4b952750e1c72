#pragma once

#include <stddef.h>

/// The modules of the programs in Python that run beside this one.
size_t tessera_python_module_count(void);

/// The name of a module, and its text, which is not ended by a zero.
const char *tessera_python_module_name(size_t index);
const unsigned char *tessera_python_module_text(size_t index, size_t *byte_count);

/// A file in memory, without a name in any folder and closed in programs that are started; -1 with errno.
int tessera_memory_file(const char *name);
