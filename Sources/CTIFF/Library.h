#pragma once
#include <stddef.h>
#include <tiffio.h>

// libtiff, opened by the first call of one of its functions.

/// TIFFSetField and TIFFGetField take any number of arguments, which no function of ours could hand on.
__typeof__(&TIFFSetField) tiff_set_field(void);
__typeof__(&TIFFGetField) tiff_get_field(void);

/// From now on what libtiff complains of in this thread goes into the buffer, the first words only; NULL ends that.
/// libtiff's handlers belong to the process: what others complain of is told by what their calls return, and not printed.
void tiff_keep_messages(char *buffer, size_t count);

/// Whether warnings are kept as errors are, in this thread.
void tiff_keep_warnings(int keeps);
