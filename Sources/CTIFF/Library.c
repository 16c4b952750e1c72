#include "Library.h"

#include "CTIFF.h"

#include "CLateLibrary.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

// Debian 12 and 13, the releases before, and whatever the headers at hand belong to.
static const char *const tiff[] = {"libtiff.so.6", "libtiff.so.5", "libtiff.so", NULL};

TESSERA_LATE_FUNCTION(tiff, TIFF *, TIFFClientOpen, (const char *name, const char *mode, thandle_t client,
                      TIFFReadWriteProc read, TIFFReadWriteProc write, TIFFSeekProc seek, TIFFCloseProc close,
                      TIFFSizeProc size, TIFFMapFileProc map, TIFFUnmapFileProc unmap),
                      (name, mode, client, read, write, seek, close, size, map, unmap))
TESSERA_LATE_FUNCTION(tiff, void, TIFFClose, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, TIFFErrorHandler, TIFFSetErrorHandler, (TIFFErrorHandler handler), (handler))
TESSERA_LATE_FUNCTION(tiff, TIFFErrorHandler, TIFFSetWarningHandler, (TIFFErrorHandler handler), (handler))
TESSERA_LATE_FUNCTION(tiff, tmsize_t, TIFFWriteRawStrip, (TIFF *file, uint32_t number, void *bytes, tmsize_t count),
                      (file, number, bytes, count))
TESSERA_LATE_FUNCTION(tiff, tmsize_t, TIFFWriteRawTile, (TIFF *file, uint32_t number, void *bytes, tmsize_t count),
                      (file, number, bytes, count))
TESSERA_LATE_FUNCTION(tiff, int, TIFFWriteDirectory, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, TIFF *, TIFFOpen, (const char *path, const char *mode), (path, mode))
TESSERA_LATE_FUNCTION(tiff, int, TIFFReadDirectory, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, int, TIFFIsTiled, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, tmsize_t, TIFFTileSize, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, tmsize_t, TIFFReadEncodedTile, (TIFF *file, uint32_t number, void *bytes, tmsize_t count),
                      (file, number, bytes, count))
TESSERA_LATE_FUNCTION(tiff, int, TIFFReadRGBAImageOriented, (TIFF *file, uint32_t width, uint32_t height,
                      uint32_t *raster, int orientation, int stops), (file, width, height, raster, orientation, stops))
TESSERA_LATE_FUNCTION(tiff, tmsize_t, TIFFScanlineSize, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, int, TIFFReadScanline, (TIFF *file, void *bytes, uint32_t row, uint16_t sample),
                      (file, bytes, row, sample))
TESSERA_LATE_FUNCTION(tiff, uint64_t, TIFFCurrentDirOffset, (TIFF *file), (file))
TESSERA_LATE_FUNCTION(tiff, int, TIFFSetSubDirectory, (TIFF *file, uint64_t offset), (file, offset))
TESSERA_LATE_FUNCTION(tiff, int, TIFFIsCODECConfigured, (uint16_t scheme), (scheme))

__typeof__(&TIFFSetField) tiff_set_field(void) {
  return (__typeof__(&TIFFSetField))tessera_late_symbol(tiff, "TIFFSetField");
}

__typeof__(&TIFFGetField) tiff_get_field(void) {
  return (__typeof__(&TIFFGetField))tessera_late_symbol(tiff, "TIFFGetField");
}

static _Thread_local char *kept;
static _Thread_local size_t kept_size;
static _Thread_local int keeps_warnings;

// The first words are the cause, later ones its consequences.
static void on_error(const char *module, const char *format, va_list arguments) {
  (void)module;
  if (kept && !kept[0]) vsnprintf(kept, kept_size, format, arguments);
}

static void on_warning(const char *module, const char *format, va_list arguments) {
  if (keeps_warnings) on_error(module, format, arguments);
}

static void take_handlers(void) {
  TIFFSetErrorHandler(on_error);
  TIFFSetWarningHandler(on_warning);
}

void tiff_be_quiet(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, take_handlers);
}

void tiff_keep_warnings(int keeps) { keeps_warnings = keeps; }

void tiff_keep_messages(char *buffer, size_t count) {
  tiff_be_quiet();
  kept = buffer;
  kept_size = count;
}
