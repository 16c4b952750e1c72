// The filter LZF, with which h5py compresses (`compression="lzf"`): HDF5 has it not.

#include "CHDF5.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Registered with The HDF Group for h5py.
enum { lzf_filter = 32000 };

/// Unpacks a block of LZF: runs of bytes as they are, and references to bytes that came before.
///
/// A byte below 32 stands before so many bytes and one more. Any other has the length of a reference in its upper three
/// bits (7 stands before a byte that is added) and the upper five bits of its distance in the others; the lower eight
/// follow. Two are added to the length, and one to the distance.
///
/// @return how many bytes were written; 0 for a block that is damaged or does not fit
static size_t unpacked(const uint8_t *input, size_t input_size, uint8_t *output, size_t room) {
  size_t read = 0;
  size_t written = 0;
  while (read < input_size) {
    size_t control = input[read++];
    if (control < 32) {
      size_t count = control + 1;
      if (count > input_size - read || count > room - written) return 0;
      memcpy(output + written, input + read, count);
      read += count;
      written += count;
      continue;
    }
    size_t length = control >> 5;
    if (length == 7) {
      if (read == input_size) return 0;
      length += input[read++];
    }
    length += 2;
    if (read == input_size) return 0;
    size_t distance = ((control & 31) << 8 | input[read++]) + 1;
    if (distance > written || length > room - written) return 0;
    // A reference may reach into what it writes.
    for (size_t index = 0; index < length; index++, written++) output[written] = output[written - distance];
  }
  return written;
}

/// Unpacks a chunk; the third parameter is its size. Nothing is ever packed.
static size_t filter(unsigned flags, size_t parameter_count, const unsigned parameters[], size_t byte_count,
                     size_t *buffer_size, void **buffer) {
  if (!(flags & H5Z_FLAG_REVERSE) || parameter_count < 3) return 0;
  size_t room = parameters[2];
  // Three bytes stand for 264 at most.
  if (room == 0 || room / 88 > byte_count) return 0;
  uint8_t *output = malloc(room);
  if (!output) return 0;
  size_t written = unpacked(*buffer, byte_count, output, room);
  if (written == 0) {
    free(output);
    return 0;
  }
  free(*buffer);
  *buffer = output;
  *buffer_size = room;
  return written;
}

void tessera_h5_know_lzf(void) {
  static const H5Z_class2_t class = {H5Z_CLASS_T_VERS, lzf_filter, 0, 1, "LZF", NULL, NULL, filter};
  if (H5Zfilter_avail(lzf_filter) <= 0) H5Zregister(&class);
}
