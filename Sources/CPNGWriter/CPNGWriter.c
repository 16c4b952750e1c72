#include "CPNGWriter.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct png_file_writer {
  png_structp png;
  png_infop info;
  png_file_sink sink;
  void *context;
  char message[160];
};

static void keep_message(png_structp png, const char *words) {
  png_file_writer *writer = png_get_error_ptr(png);
  strncpy(writer->message, words, sizeof writer->message - 1);
}

static void on_error(png_structp png, png_const_charp words) {
  keep_message(png, words);
  png_longjmp(png, 1);
}

// What libpng only warns of would still be a fault of ours: the file would not be what was asked for.
static void on_warning(png_structp png, png_const_charp words) { on_error(png, words); }

static void on_bytes(png_structp png, png_bytep bytes, size_t count) {
  png_file_writer *writer = png_get_io_ptr(png);
  writer->sink(writer->context, bytes, count);
}

static void on_flush(png_structp png) { (void)png; }

png_file_writer *png_file_create(png_file_sink sink, void *context) {
  png_file_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return NULL;
  writer->sink = sink;
  writer->context = context;
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  if (writer->png != NULL) writer->info = png_create_info_struct(writer->png);
  if (writer->info == NULL) {
    png_file_destroy(writer);
    return NULL;
  }
  png_set_write_fn(writer->png, writer, on_bytes, on_flush);
  return writer;
}

void png_file_destroy(png_file_writer *writer) {
  if (writer == NULL) return;
  png_destroy_write_struct(&writer->png, &writer->info);
  free(writer);
}

int png_file_text(png_file_writer *writer, const char *keyword, const char *text) {
  if (setjmp(png_jmpbuf(writer->png))) return PNG_FILE_REFUSED;
  png_text field;
  memset(&field, 0, sizeof field);
  field.compression = PNG_ITXT_COMPRESSION_NONE;
  field.key = (png_charp)keyword;
  field.text = (png_charp)text;
  png_set_text(writer->png, writer->info, &field, 1);
  return PNG_FILE_WRITTEN;
}

int png_file_begin(png_file_writer *writer, const png_file_header *header) {
  if (setjmp(png_jmpbuf(writer->png))) return PNG_FILE_REFUSED;
  const int colour_type = header->palette == NULL ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_PALETTE;
  png_set_IHDR(
    writer->png, writer->info, header->width, header->height, 8, colour_type, PNG_INTERLACE_NONE,
    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(writer->png, writer->info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_set_pHYs(
    writer->png, writer->info, header->pixels_per_metre, header->pixels_per_metre, PNG_RESOLUTION_METER);
  if (header->palette != NULL) {
    if (header->palette_count < 1 || header->palette_count > PNG_MAX_PALETTE_LENGTH) {
      png_error(writer->png, "a palette has 1 to 256 entries");
    }
    png_color palette[PNG_MAX_PALETTE_LENGTH];
    for (int i = 0; i < header->palette_count; i++) {
      palette[i].red = header->palette[3 * i];
      palette[i].green = header->palette[3 * i + 1];
      palette[i].blue = header->palette[3 * i + 2];
    }
    png_set_PLTE(writer->png, writer->info, palette, header->palette_count);
  }
  png_write_info(writer->png, writer->info);
  return PNG_FILE_WRITTEN;
}

int png_file_data(png_file_writer *writer, const uint8_t *bytes, size_t count) {
  static const png_byte name[5] = "IDAT";
  if (setjmp(png_jmpbuf(writer->png))) return PNG_FILE_REFUSED;
  png_write_chunk(writer->png, name, bytes, count);
  return PNG_FILE_WRITTEN;
}

int png_file_end(png_file_writer *writer) {
  // png_write_end knows only of picture data that libpng compressed itself, and would refuse.
  static const png_byte name[5] = "IEND";
  if (setjmp(png_jmpbuf(writer->png))) return PNG_FILE_REFUSED;
  png_write_chunk(writer->png, name, NULL, 0);
  return PNG_FILE_WRITTEN;
}

const char *png_file_message(const png_file_writer *writer) { return writer->message; }
