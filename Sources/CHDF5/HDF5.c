#include "CHDF5.h"

#include "CLateLibrary.h"

#include <string.h>

// Debian 12 and 13, and whatever the headers at hand belong to.
static const char *const hdf5[] = {"libhdf5_serial.so.103", "libhdf5_serial.so.310", "libhdf5_serial.so", NULL};

TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Aclose, (hid_t attribute), (attribute))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Acreate2, (hid_t parent, const char *name, hid_t type, hid_t space,
                      hid_t creation, hid_t access), (parent, name, type, space, creation, access))
TESSERA_LATE_FUNCTION(hdf5, ssize_t, H5Aget_name_by_idx, (hid_t parent, const char *object, H5_index_t index,
                      H5_iter_order_t order, hsize_t place, char *name, size_t size, hid_t access),
                      (parent, object, index, order, place, name, size, access))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Aget_space, (hid_t attribute), (attribute))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Aget_type, (hid_t attribute), (attribute))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Aopen, (hid_t parent, const char *name, hid_t access), (parent, name, access))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Aread, (hid_t attribute, hid_t type, void *values), (attribute, type, values))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Awrite, (hid_t attribute, hid_t type, const void *values),
                      (attribute, type, values))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Dclose, (hid_t set), (set))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Dcreate2, (hid_t parent, const char *name, hid_t type, hid_t space,
                      hid_t link, hid_t creation, hid_t access), (parent, name, type, space, link, creation, access))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Dget_create_plist, (hid_t set), (set))
TESSERA_LATE_FUNCTION(hdf5, haddr_t, H5Dget_offset, (hid_t set), (set))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Dget_space, (hid_t set), (set))
TESSERA_LATE_FUNCTION(hdf5, hsize_t, H5Dget_storage_size, (hid_t set), (set))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Dget_type, (hid_t set), (set))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Dopen2, (hid_t parent, const char *name, hid_t access), (parent, name, access))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Dread, (hid_t set, hid_t type, hid_t memory, hid_t file, hid_t transfer,
                      void *values), (set, type, memory, file, transfer, values))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Dvlen_reclaim, (hid_t type, hid_t space, hid_t transfer, void *values),
                      (type, space, transfer, values))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Dwrite, (hid_t set, hid_t type, hid_t memory, hid_t file, hid_t transfer,
                      const void *values), (set, type, memory, file, transfer, values))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Eset_auto2, (hid_t stack, H5E_auto2_t function, void *data),
                      (stack, function, data))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Ewalk2, (hid_t stack, H5E_direction_t direction, H5E_walk2_t function,
                      void *data), (stack, direction, function, data))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Fclose, (hid_t file), (file))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Fcreate, (const char *path, unsigned flags, hid_t creation, hid_t access),
                      (path, flags, creation, access))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Fflush, (hid_t object, H5F_scope_t scope), (object, scope))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Fopen, (const char *path, unsigned flags, hid_t access), (path, flags, access))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Gclose, (hid_t group), (group))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Gopen2, (hid_t parent, const char *name, hid_t access), (parent, name, access))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Gget_info, (hid_t group, H5G_info_t *information), (group, information))
TESSERA_LATE_FUNCTION(hdf5, htri_t, H5Lexists, (hid_t parent, const char *name, hid_t access), (parent, name, access))
TESSERA_LATE_FUNCTION(hdf5, ssize_t, H5Lget_name_by_idx, (hid_t parent, const char *group, H5_index_t index,
                      H5_iter_order_t order, hsize_t place, char *name, size_t size, hid_t access),
                      (parent, group, index, order, place, name, size, access))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Pclose, (hid_t list), (list))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Pcreate, (hid_t kind), (kind))
TESSERA_LATE_FUNCTION(hdf5, H5Z_filter_t, H5Pget_filter2, (hid_t list, unsigned place, unsigned *flags,
                      size_t *parameter_count, unsigned parameters[], size_t name_size, char name[],
                      unsigned *configuration),
                      (list, place, flags, parameter_count, parameters, name_size, name, configuration))
TESSERA_LATE_FUNCTION(hdf5, int, H5Pget_nfilters, (hid_t list), (list))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Pset_alloc_time, (hid_t list, H5D_alloc_time_t time), (list, time))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Pset_file_locking, (hid_t list, hbool_t locks, hbool_t ignores),
                      (list, locks, ignores))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Pset_fill_time, (hid_t list, H5D_fill_time_t time), (list, time))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Pset_layout, (hid_t list, H5D_layout_t layout), (list, layout))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Pset_obj_track_times, (hid_t list, hbool_t tracks), (list, tracks))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Sclose, (hid_t space), (space))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Screate, (H5S_class_t kind), (kind))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Screate_simple, (int rank, const hsize_t sizes[], const hsize_t most[]),
                      (rank, sizes, most))
TESSERA_LATE_FUNCTION(hdf5, int, H5Sget_simple_extent_dims, (hid_t space, hsize_t sizes[], hsize_t most[]),
                      (space, sizes, most))
TESSERA_LATE_FUNCTION(hdf5, int, H5Sget_simple_extent_ndims, (hid_t space), (space))
TESSERA_LATE_FUNCTION(hdf5, hssize_t, H5Sget_simple_extent_npoints, (hid_t space), (space))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Tclose, (hid_t type), (type))
TESSERA_LATE_FUNCTION(hdf5, hid_t, H5Tcopy, (hid_t type), (type))
TESSERA_LATE_FUNCTION(hdf5, htri_t, H5Tequal, (hid_t a, hid_t b), (a, b))
TESSERA_LATE_FUNCTION(hdf5, H5T_class_t, H5Tget_class, (hid_t type), (type))
TESSERA_LATE_FUNCTION(hdf5, size_t, H5Tget_size, (hid_t type), (type))
TESSERA_LATE_FUNCTION(hdf5, htri_t, H5Tis_variable_str, (hid_t type), (type))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Tset_cset, (hid_t type, H5T_cset_t set), (type, set))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Tset_ebias, (hid_t type, size_t bias), (type, bias))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Tset_fields, (hid_t type, size_t sign, size_t exponent, size_t exponent_size,
                      size_t mantissa, size_t mantissa_size),
                      (type, sign, exponent, exponent_size, mantissa, mantissa_size))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Tset_size, (hid_t type, size_t size), (type, size))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Tset_strpad, (hid_t type, H5T_str_t padding), (type, padding))
TESSERA_LATE_FUNCTION(hdf5, htri_t, H5Zfilter_avail, (H5Z_filter_t filter), (filter))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5Zregister, (const void *class), (class))
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5open, (void), ())
TESSERA_LATE_FUNCTION(hdf5, herr_t, H5check_version, (unsigned major, unsigned minor, unsigned release),
                      (major, minor, release))

/// A global of the library, which H5open sets.
static hid_t identifier(const char *name) {
  H5open();
  return *(const hid_t *)tessera_late_symbol(hdf5, name);
}

unsigned tessera_h5_truncate(void) { return H5F_ACC_TRUNC; }
unsigned tessera_h5_read_only(void) { return H5F_ACC_RDONLY; }
hid_t tessera_h5_float(void) { return identifier("H5T_NATIVE_FLOAT_g"); }
hid_t tessera_h5_float_little(void) { return identifier("H5T_IEEE_F32LE_g"); }
hid_t tessera_h5_double(void) { return identifier("H5T_NATIVE_DOUBLE_g"); }
hid_t tessera_h5_int8(void) { return identifier("H5T_STD_I8LE_g"); }
hid_t tessera_h5_int64(void) { return identifier("H5T_NATIVE_INT64_g"); }
hid_t tessera_h5_int64_little(void) { return identifier("H5T_STD_I64LE_g"); }

hid_t tessera_h5_half_little(void) {
  hid_t type = H5Tcopy(tessera_h5_float_little());
  if (type >= 0) {
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
  }
  return type;
}

hid_t tessera_h5_string(size_t length) {
  hid_t type = H5Tcopy(identifier("H5T_C_S1_g"));
  if (type >= 0) {
    H5Tset_size(type, length ? length : 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
  }
  return type;
}

hid_t tessera_h5_variable_string(void) {
  hid_t type = tessera_h5_string(1);
  if (type >= 0) {
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_strpad(type, H5T_STR_NULLTERM);
  }
  return type;
}

hid_t tessera_h5_without_lock(void) {
  hid_t list = H5Pcreate(identifier("H5P_CLS_FILE_ACCESS_ID_g"));
  if (list >= 0) H5Pset_file_locking(list, 0, 1);
  return list;
}

hid_t tessera_h5_contiguous(void) {
  hid_t list = H5Pcreate(identifier("H5P_CLS_DATASET_CREATE_ID_g"));
  if (list >= 0) {
    H5Pset_layout(list, H5D_CONTIGUOUS);
    H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(list, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(list, 0);
  }
  return list;
}

H5Z_filter_t tessera_h5_filter(hid_t list, unsigned place, char name[64]) {
  unsigned flags = 0;
  unsigned configuration = 0;
  size_t count = 0;
  name[0] = 0;
  return H5Pget_filter2(list, place, &flags, &count, NULL, 64, name, &configuration);
}

void tessera_h5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static herr_t rememberText(unsigned depth, const H5E_error2_t *entry, void *text) {
  (void)depth;
  char *buffer = (char *)text;
  if (entry && entry->desc && buffer[0] == 0) strncpy(buffer, entry->desc, 255);
  return 0;
}

void tessera_h5_error_text(char buffer[256]) {
  memset(buffer, 0, 256);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, rememberText, buffer);
}
