#ifndef TESSERA_HDF5_SHIM_H
#define TESSERA_HDF5_SHIM_H

// Most of HDF5's constants are macros over library globals, which Swift cannot import; each accessor
// below gives one of them.
#include <hdf5.h>
#include <string.h>

static inline unsigned tessera_h5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned tessera_h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline hid_t tessera_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t tessera_h5_all(void) { return H5S_ALL; }
static inline hid_t tessera_h5_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t tessera_h5_float_little(void) { return H5T_IEEE_F32LE; }
static inline hid_t tessera_h5_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t tessera_h5_int64_little(void) { return H5T_STD_I64LE; }
static inline int tessera_h5_unknown_offset(haddr_t offset) { return offset == HADDR_UNDEF; }

/// A new copy of the C string type with the length given and UTF-8 as its character set.
static inline hid_t tessera_h5_string(size_t length) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type >= 0) {
    H5Tset_size(type, length ? length : 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
  }
  return type;
}

/// A creation property list for a contiguous data set whose space is allocated at once, without fill values.
static inline hid_t tessera_h5_contiguous(void) {
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  if (list >= 0) {
    H5Pset_layout(list, H5D_CONTIGUOUS);
    H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(list, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(list, 0);
  }
  return list;
}

/// Keeps the library from printing its error stack; the setting is per thread.
static inline void tessera_h5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static inline herr_t tessera_h5_remember_text(unsigned depth, const H5E_error2_t *entry, void *text) {
  (void)depth;
  char *buffer = (char *)text;
  if (entry && entry->desc && buffer[0] == 0) strncpy(buffer, entry->desc, 255);
  return 0;
}

/// The innermost sentence of the calling thread's error stack, at most 255 bytes.
static inline void tessera_h5_error_text(char buffer[256]) {
  memset(buffer, 0, 256);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, tessera_h5_remember_text, buffer);
}

#endif
