#pragma once
#include <stddef.h>
#include <stdint.h>

/// A PNG file that libpng writes, its picture data compressed by the caller.
///
/// The order of calls: create, text (any number), begin, data (at least once), end, destroy. libpng reports an error by a
/// long jump; each function here catches it and returns a status instead.
typedef struct png_file_writer png_file_writer;

/// Takes the next bytes of the file; called within the functions below.
typedef void (*png_file_sink)(void *context, const uint8_t *bytes, size_t count);

enum {
  PNG_FILE_WRITTEN = 0,
  /// libpng refused; `png_file_message` has its words.
  PNG_FILE_REFUSED = 1,
  PNG_FILE_OUT_OF_MEMORY = 2,
};

/// What stands before the picture data: 8 bits a sample, sRGB, not interlaced.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t pixels_per_metre;
  /// Red, green, blue of each entry for a picture of palette indices; NULL for an RGB picture.
  const uint8_t *palette;
  /// 1 to 256 where there is a palette.
  int palette_count;
} png_file_header;

/// NULL without memory. `context` must live as long as the writer.
png_file_writer *png_file_create(png_file_sink sink, void *context);

void png_file_destroy(png_file_writer *writer);

/// Adds an international text field (`iTXt`, UTF-8, not compressed); the strings are copied.
int png_file_text(png_file_writer *writer, const char *keyword, const char *text);

/// Writes the signature and all chunks up to the picture data.
int png_file_begin(png_file_writer *writer, const png_file_header *header);

/// Writes a part of the picture's zlib stream as a chunk of its own.
int png_file_data(png_file_writer *writer, const uint8_t *bytes, size_t count);

/// Writes the end of the file.
int png_file_end(png_file_writer *writer);

/// The last words of libpng, "" before it has refused.
const char *png_file_message(const png_file_writer *writer);
