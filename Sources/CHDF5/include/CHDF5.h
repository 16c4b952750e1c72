/// The functions of HDF5 that are used; the library is opened by the first call.
///
/// Most of HDF5's constants are macros over library globals, which Swift cannot import; each accessor below gives one of
/// them.
#ifndef TESSERA_CHDF5_H
#define TESSERA_CHDF5_H

#include <hdf5/serial/hdf5.h>

unsigned tessera_h5_truncate(void);
unsigned tessera_h5_read_only(void);
static inline hid_t tessera_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t tessera_h5_all(void) { return H5S_ALL; }
hid_t tessera_h5_float(void);
hid_t tessera_h5_float_little(void);
hid_t tessera_h5_double(void);
hid_t tessera_h5_int8(void);
hid_t tessera_h5_int64(void);
hid_t tessera_h5_int64_little(void);
static inline int tessera_h5_unknown_offset(haddr_t offset) { return offset == HADDR_UNDEF; }

/// A new copy of the type that numpy's float16 is stored as, IEEE 754 binary16 in little-endian order.
hid_t tessera_h5_half_little(void);

/// A new copy of the C string type with the length given and UTF-8 as its character set.
hid_t tessera_h5_string(size_t length);

/// A new type of texts of any length in UTF-8; a value is a pointer to one that ends in a zero.
hid_t tessera_h5_variable_string(void);

/// An access property list for files that are not locked: a process that is started while a file is open inherits the
/// library's lock, and would keep it after the file was closed.
hid_t tessera_h5_without_lock(void);

/// A creation property list for a contiguous data set whose space is allocated at once, without fill values.
hid_t tessera_h5_contiguous(void);

/// Makes the library read data sets that h5py compressed with LZF.
void tessera_h5_know_lzf(void);

/// The number of a filter in a creation property list, negative where there is none, and the name that the file has for it.
H5Z_filter_t tessera_h5_filter(hid_t list, unsigned place, char name[64]);

/// Keeps the library from printing its error stack; the setting is per thread.
void tessera_h5_silence(void);

/// The innermost sentence of the calling thread's error stack, at most 255 bytes.
void tessera_h5_error_text(char buffer[256]);

#endif
