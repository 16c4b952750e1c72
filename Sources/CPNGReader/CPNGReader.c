#include "CPNGReader.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct png_file_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t left;
  /// Of a picture with a palette: a byte a pixel; of one with transparency: a row of it.
  uint8_t *indices;
  char message[160];
};

static void on_error(png_structp png, png_const_charp words) {
  png_file_reader *reader = png_get_error_ptr(png);
  strncpy(reader->message, words, sizeof reader->message - 1);
  png_longjmp(png, 1);
}

// What libpng only warns of concerns chunks that no pixel depends on.
static void on_warning(png_structp png, png_const_charp words) {
  (void)png;
  (void)words;
}

static void on_read(png_structp png, png_bytep target, size_t count) {
  png_file_reader *reader = png_get_io_ptr(png);
  if (count > reader->left) png_error(png, "the file ends before the picture does");
  memcpy(target, reader->bytes, count);
  reader->bytes += count;
  reader->left -= count;
}

png_file_reader *png_file_open(const uint8_t *bytes, size_t count) {
  png_file_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->left = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) {
    png_file_close(reader);
    return NULL;
  }
  png_set_read_fn(reader->png, reader, on_read);
  return reader;
}

void png_file_close(png_file_reader *reader) {
  if (reader == NULL) return;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->indices);
  free(reader);
}

int png_file_header_read(png_file_reader *reader, uint32_t *width, uint32_t *height) {
  if (setjmp(png_jmpbuf(reader->png))) return PNG_FILE_UNREADABLE;
  png_read_info(reader->png, reader->info);
  *width = png_get_image_width(reader->png, reader->info);
  *height = png_get_image_height(reader->png, reader->info);
  return PNG_FILE_READ;
}

/// Reads the rows as the transformations asked for make them.
static void read_rows(png_file_reader *reader, uint8_t *pixels, size_t row_bytes) {
  png_structp png = reader->png;
  const int pass_count = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != row_bytes) png_error(png, "its rows have another length");
  const png_uint_32 row_count = png_get_image_height(png, reader->info);
  for (int pass = 0; pass < pass_count; pass++) {
    for (png_uint_32 row = 0; row < row_count; row++) png_read_row(png, pixels + row * row_bytes, NULL);
  }
}

/// libpng shows indices that the palette does not have as black; such a file is damaged.
static void read_palette_picture(png_file_reader *reader, uint8_t *pixels, size_t width, size_t height) {
  png_colorp palette = NULL;
  int palette_count = 0;
  png_get_PLTE(reader->png, reader->info, &palette, &palette_count);
  reader->indices = malloc(width * height);
  if (reader->indices == NULL) png_error(reader->png, "out of memory");
  png_set_packing(reader->png);
  read_rows(reader, reader->indices, width);
  for (size_t i = 0; i < width * height; i++) {
    const uint8_t index = reader->indices[i];
    if (index >= palette_count) png_error(reader->png, "a pixel's colour is not in the palette");
    pixels[i * 3] = palette[index].red;
    pixels[i * 3 + 1] = palette[index].green;
    pixels[i * 3 + 2] = palette[index].blue;
  }
}

int png_file_pixels_read(png_file_reader *reader, uint8_t *pixels) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return PNG_FILE_UNREADABLE;
  const size_t width = png_get_image_width(png, reader->info), height = png_get_image_height(png, reader->info);
  if (png_get_color_type(png, reader->info) == PNG_COLOR_TYPE_PALETTE) {
    read_palette_picture(reader, pixels, width, height);
    return PNG_FILE_READ;
  }
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  png_set_gray_to_rgb(png);
  read_rows(reader, pixels, width * 3);
  return PNG_FILE_READ;
}

int png_file_pixels_read_over_white(png_file_reader *reader, uint8_t *pixels) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return PNG_FILE_UNREADABLE;
  const size_t width = png_get_image_width(png, reader->info);
  const png_uint_32 height = png_get_image_height(png, reader->info);
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  const int is_clear = (png_get_color_type(png, reader->info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                       png_get_valid(png, reader->info, PNG_INFO_tRNS) != 0;
  if (!is_clear) {
    read_rows(reader, pixels, width * 3);
    return PNG_FILE_READ;
  }
  if (png_set_interlace_handling(png) > 1) png_error(png, "it is interlaced and has transparency, which is not read");
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != width * 4) png_error(png, "its rows have another length");
  reader->indices = malloc(width * 4);
  if (reader->indices == NULL) png_error(png, "out of memory");
  for (png_uint_32 row = 0; row < height; row++) {
    png_read_row(png, reader->indices, NULL);
    for (size_t i = 0; i < width * 4; i += 4) {
      const uint32_t alpha = reader->indices[i + 3];
      for (size_t channel = 0; channel < 3; channel++) {
        *pixels++ = (uint8_t)((reader->indices[i + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  }
  return PNG_FILE_READ;
}

double png_file_pixels_per_metre(const png_file_reader *reader) {
  return png_get_x_pixels_per_meter(reader->png, reader->info);
}

const char *png_file_reader_message(const png_file_reader *reader) { return reader->message; }
