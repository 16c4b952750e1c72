#include "CTIFF.h"

#include "Library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

struct tiff_file_writer {
  int descriptor;
  TIFF *file;
  int is_tiled;
  char message[200];
};

static void keep_system_error(tiff_file_writer *writer) {
  if (!writer->message[0]) snprintf(writer->message, sizeof writer->message, "%s", strerror(errno));
}

static tmsize_t on_read(thandle_t client, void *bytes, tmsize_t count) {
  tiff_file_writer *writer = client;
  tmsize_t done = 0;
  while (done < count) {
    ssize_t step = read(writer->descriptor, (char *)bytes + done, (size_t)(count - done));
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) keep_system_error(writer);
    if (step <= 0) break;
    done += step;
  }
  return done;
}

static tmsize_t on_write(thandle_t client, void *bytes, tmsize_t count) {
  tiff_file_writer *writer = client;
  tmsize_t done = 0;
  while (done < count) {
    ssize_t step = write(writer->descriptor, (const char *)bytes + done, (size_t)(count - done));
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) keep_system_error(writer);
    if (step <= 0) break;
    done += step;
  }
  return done;
}

static toff_t on_seek(thandle_t client, toff_t offset, int origin) {
  tiff_file_writer *writer = client;
  off_t place = lseek(writer->descriptor, (off_t)offset, origin);
  if (place < 0) keep_system_error(writer);
  return (toff_t)place;
}

static toff_t on_size(thandle_t client) {
  struct stat facts;
  return fstat(((tiff_file_writer *)client)->descriptor, &facts) == 0 ? (toff_t)facts.st_size : 0;
}

static int on_close(thandle_t client) {
  (void)client;
  return 0;
}

static int status(tiff_file_writer *writer, int is_fine) {
  tiff_keep_messages(NULL, 0);
  if (is_fine) return TIFF_FILE_WRITTEN;
  if (!writer->message[0]) snprintf(writer->message, sizeof writer->message, "libtiff refused");
  return TIFF_FILE_REFUSED;
}

tiff_file_writer *tiff_file_create(int descriptor) {
  tiff_file_writer *writer = calloc(1, sizeof *writer);
  if (writer) writer->descriptor = descriptor;
  return writer;
}

void tiff_file_destroy(tiff_file_writer *writer) {
  if (!writer) return;
  tiff_keep_messages(writer->message, sizeof writer->message);
  if (writer->file) TIFFClose(writer->file);
  tiff_keep_messages(NULL, 0);
  free(writer);
}

int tiff_file_begin(tiff_file_writer *writer, const tiff_file_picture *picture) {
  tiff_keep_messages(writer->message, sizeof writer->message);
  // Little-endian on every machine, so that the same pictures are the same bytes.
  if (!writer->file) {
    writer->file = TIFFClientOpen("picture", "wl", writer, on_read, on_write, on_seek, on_close, on_size, NULL, NULL);
  }
  if (!writer->file) return status(writer, 0);
  TIFF *file = writer->file;
  __typeof__(&TIFFSetField) set = tiff_set_field();
  writer->is_tiled = picture->tile_side > 0;
  int is_fine = set(file, TIFFTAG_SUBFILETYPE, (uint32_t)0) && set(file, TIFFTAG_IMAGEWIDTH, picture->width) &&
                set(file, TIFFTAG_IMAGELENGTH, picture->height) && set(file, TIFFTAG_BITSPERSAMPLE, 8) &&
                set(file, TIFFTAG_SAMPLESPERPIXEL, 3) && set(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
                set(file, TIFFTAG_COMPRESSION, COMPRESSION_JPEG) &&
                set(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR) &&
                set(file, TIFFTAG_YCBCRSUBSAMPLING, (int)picture->chroma_step, (int)picture->chroma_step) &&
                set(file, TIFFTAG_IMAGEDESCRIPTION, picture->description);
  if (writer->is_tiled) {
    is_fine = is_fine && set(file, TIFFTAG_TILEWIDTH, picture->tile_side) &&
              set(file, TIFFTAG_TILELENGTH, picture->tile_side);
  } else {
    is_fine = is_fine && set(file, TIFFTAG_ROWSPERSTRIP, picture->height);
  }
  return status(writer, is_fine);
}

int tiff_file_piece(tiff_file_writer *writer, uint32_t number, const uint8_t *jpeg, size_t count) {
  tiff_keep_messages(writer->message, sizeof writer->message);
  // libtiff promises no constness, but only turns the bits of bytes of a file in the other fill order.
  void *bytes = (void *)jpeg;
  tmsize_t written = writer->is_tiled ? TIFFWriteRawTile(writer->file, number, bytes, (tmsize_t)count)
                                      : TIFFWriteRawStrip(writer->file, number, bytes, (tmsize_t)count);
  return status(writer, written == (tmsize_t)count && !writer->message[0]);
}

int tiff_file_end(tiff_file_writer *writer) {
  tiff_keep_messages(writer->message, sizeof writer->message);
  int is_fine = TIFFWriteDirectory(writer->file);
  return status(writer, is_fine && !writer->message[0]);
}

const char *tiff_file_message(const tiff_file_writer *writer) { return writer->message; }
