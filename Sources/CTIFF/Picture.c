#include "CTIFF.h"

#include "Library.h"

#include <stdlib.h>
#include <string.h>

struct tiff_picture {
  const uint8_t *bytes;
  toff_t count;
  toff_t place;
  TIFF *file;
  uint32_t width;
  uint32_t height;
  char message[200];
};

static tmsize_t on_read(thandle_t client, void *bytes, tmsize_t count) {
  tiff_picture *picture = client;
  toff_t left = picture->place < picture->count ? picture->count - picture->place : 0;
  tmsize_t step = (toff_t)count < left ? count : (tmsize_t)left;
  memcpy(bytes, picture->bytes + picture->place, (size_t)step);
  picture->place += (toff_t)step;
  return step;
}

static tmsize_t on_write(thandle_t client, void *bytes, tmsize_t count) {
  (void)client;
  (void)bytes;
  (void)count;
  return 0;
}

static toff_t on_seek(thandle_t client, toff_t offset, int origin) {
  tiff_picture *picture = client;
  toff_t from = origin == SEEK_CUR ? picture->place : origin == SEEK_END ? picture->count : 0;
  picture->place = from + offset;
  return picture->place;
}

static toff_t on_size(thandle_t client) { return ((tiff_picture *)client)->count; }

static int on_close(thandle_t client) {
  (void)client;
  return 0;
}

tiff_picture *tiff_picture_open(const uint8_t *bytes, size_t count) {
  tiff_picture *picture = calloc(1, sizeof *picture);
  if (!picture) return NULL;
  picture->bytes = bytes;
  picture->count = count;
  tiff_keep_messages(picture->message, sizeof picture->message);
  picture->file =
      TIFFClientOpen("picture", "rm", picture, on_read, on_write, on_seek, on_close, on_size, NULL, NULL);
  if (picture->file) {
    tiff_get_field()(picture->file, TIFFTAG_IMAGEWIDTH, &picture->width);
    tiff_get_field()(picture->file, TIFFTAG_IMAGELENGTH, &picture->height);
  }
  tiff_keep_messages(NULL, 0);
  return picture;
}

void tiff_picture_close(tiff_picture *picture) {
  if (!picture) return;
  tiff_keep_messages(picture->message, sizeof picture->message);
  if (picture->file) TIFFClose(picture->file);
  tiff_keep_messages(NULL, 0);
  free(picture);
}

uint32_t tiff_picture_width(const tiff_picture *picture) { return picture->width; }
uint32_t tiff_picture_height(const tiff_picture *picture) { return picture->height; }
const char *tiff_picture_message(const tiff_picture *picture) { return picture->message; }

int tiff_picture_read(tiff_picture *picture, uint8_t *pixels) {
  size_t count = (size_t)picture->width * picture->height;
  if (!picture->file || !count) return 0;
  uint32_t *raster = malloc(count * sizeof *raster);
  if (!raster) return 0;
  tiff_keep_messages(picture->message, sizeof picture->message);
  int is_fine = TIFFReadRGBAImageOriented(picture->file, picture->width, picture->height, raster, ORIENTATION_TOPLEFT, 1);
  tiff_keep_messages(NULL, 0);
  for (size_t index = 0; is_fine && index < count; index++) {
    pixels[3 * index] = TIFFGetR(raster[index]);
    pixels[3 * index + 1] = TIFFGetG(raster[index]);
    pixels[3 * index + 2] = TIFFGetB(raster[index]);
  }
  free(raster);
  return is_fine && !picture->message[0];
}
