#include "CTIFF.h"

#include "Library.h"

#include <stdlib.h>

struct tiff_level {
  TIFF *file;
  uint32_t columns;
  uint32_t rows;
  uint32_t tile_width;
  uint32_t tile_height;
  tmsize_t tile_bytes;
};

// Larger tiles are no slide's.
enum { largest_side = 2048, most_directories = 256 };

/// The number of a field of 16 bits in the directory that the file stands at; `absent` where there is none.
static uint16_t number(TIFF *file, uint32_t tag, uint16_t absent) {
  uint16_t value = 0;
  return tiff_get_field()(file, tag, &value) ? value : absent;
}

/// Whether the directory is a level of that size, of JPEG tiles with three channels of 8 bits.
static int is_level(TIFF *file, uint32_t width, uint32_t height) {
  uint32_t found_width = 0, found_height = 0;
  uint16_t photometric = number(file, TIFFTAG_PHOTOMETRIC, 0xFFFF);
  return TIFFIsTiled(file) && tiff_get_field()(file, TIFFTAG_IMAGEWIDTH, &found_width) && found_width == width &&
         tiff_get_field()(file, TIFFTAG_IMAGELENGTH, &found_height) && found_height == height &&
         number(file, TIFFTAG_COMPRESSION, 0) == COMPRESSION_JPEG && number(file, TIFFTAG_BITSPERSAMPLE, 1) == 8 &&
         number(file, TIFFTAG_SAMPLESPERPIXEL, 1) == 3 &&
         number(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG &&
         (photometric == PHOTOMETRIC_YCBCR || photometric == PHOTOMETRIC_RGB);
}

static int take_level(tiff_level *level, uint32_t width, uint32_t height) {
  TIFF *file = level->file;
  if (!tiff_get_field()(file, TIFFTAG_TILEWIDTH, &level->tile_width) ||
      !tiff_get_field()(file, TIFFTAG_TILELENGTH, &level->tile_height)) {
    return 0;
  }
  if (!level->tile_width || !level->tile_height || level->tile_width > largest_side ||
      level->tile_height > largest_side) {
    return 0;
  }
  // Also pixels that are kept as luminance and colour come as RGB.
  if (!tiff_set_field()(file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB)) return 0;
  level->columns = (width + level->tile_width - 1) / level->tile_width;
  level->rows = (height + level->tile_height - 1) / level->tile_height;
  level->tile_bytes = TIFFTileSize(file);
  return level->tile_bytes == (tmsize_t)level->tile_width * level->tile_height * 3;
}

tiff_level *tiff_level_open(const char *path, uint32_t width, uint32_t height) {
  tiff_level *level = calloc(1, sizeof *level);
  if (!level) return NULL;
  char message[200] = "";
  tiff_keep_messages(message, sizeof message);
  // Read and not mapped: a file that becomes shorter must not end the process.
  level->file = TIFFOpen(path, "rm");
  int is_found = 0;
  for (int directory = 0; level->file && directory < most_directories; directory++) {
    if (is_level(level->file, width, height)) {
      is_found = take_level(level, width, height);
      break;
    }
    if (!TIFFReadDirectory(level->file)) break;
  }
  tiff_keep_messages(NULL, 0);
  if (is_found) return level;
  tiff_level_close(level);
  return NULL;
}

void tiff_level_close(tiff_level *level) {
  if (!level) return;
  char message[200] = "";
  tiff_keep_messages(message, sizeof message);
  if (level->file) TIFFClose(level->file);
  tiff_keep_messages(NULL, 0);
  free(level);
}

uint32_t tiff_level_tile_width(const tiff_level *level) { return level->tile_width; }
uint32_t tiff_level_tile_height(const tiff_level *level) { return level->tile_height; }

int tiff_level_read(tiff_level *level, uint32_t column, uint32_t row, uint8_t *pixels) {
  if (column >= level->columns || row >= level->rows) return 0;
  char message[200] = "";
  tiff_keep_messages(message, sizeof message);
  tiff_keep_warnings(1);
  tmsize_t read = TIFFReadEncodedTile(level->file, row * level->columns + column, pixels, level->tile_bytes);
  tiff_keep_warnings(0);
  tiff_keep_messages(NULL, 0);
  // A tile that libtiff or libjpeg has complained of may not be whole.
  return read == level->tile_bytes && !message[0];
}
