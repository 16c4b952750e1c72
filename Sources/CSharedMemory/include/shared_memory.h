/// Memory that two processes share, without a file.
#ifndef TESSERA_CSHAREDMEMORY_H
#define TESSERA_CSHAREDMEMORY_H

#include <stddef.h>

/// Memory of a fixed size, all zero, as a descriptor that programs started later do not get; neither side can shrink or
/// grow it, so that no access to its mapping can fail. The name is for those who look into /proc. -1 with `errno` where there
/// is none.
int tessera_shared_memory(const char *name, size_t byte_count);

#endif
