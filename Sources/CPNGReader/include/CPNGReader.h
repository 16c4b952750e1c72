#pragma once
#include <stddef.h>
#include <stdint.h>

/// A PNG file in memory, read by libpng as bytes of RGB.
///
/// The samples are taken as they are stored: no gamma, no colour profile, no background. libpng reports an error by a
/// long jump; each function here catches it and returns a status instead.
typedef struct png_file_reader png_file_reader;

enum {
  PNG_FILE_READ = 0,
  /// The file is not whole, or is none; `png_file_reader_message` has the words.
  PNG_FILE_UNREADABLE = 1,
};

/// NULL without memory. The bytes must outlive the reader.
png_file_reader *png_file_open(const uint8_t *bytes, size_t count);

void png_file_close(png_file_reader *reader);

/// Reads everything that stands before the picture; to be called first, and once.
int png_file_header_read(png_file_reader *reader, uint32_t *width, uint32_t *height);

/// Reads the picture into height × width × 3 bytes; once.
///
/// Of 16 bits the high byte is taken, grey is spread over the channels, fewer bits are stretched to eight, transparency
/// is dropped.
int png_file_pixels_read(png_file_reader *reader, uint8_t *pixels);

/// The same with what is transparent laid over white, as slides are. It takes the memory of a row besides.
int png_file_pixels_read_over_white(png_file_reader *reader, uint8_t *pixels);

/// As the file says; 0 if it does not. Known once the header is read.
double png_file_pixels_per_metre(const png_file_reader *reader);

/// Why a call failed; "" before.
const char *png_file_reader_message(const png_file_reader *reader);
