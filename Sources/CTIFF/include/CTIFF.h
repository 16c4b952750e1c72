#pragma once
#include <stddef.h>
#include <stdint.h>

/// Keeps libtiff from printing what it complains of, whoever calls it in this process.
void tiff_be_quiet(void);

/// A TIFF file of JPEG pieces, written by libtiff; the library is opened by the first call.
///
/// The order of calls: create; for each picture begin, piece (all of them), end; destroy. libtiff says what goes wrong in
/// a message for the whole process; the functions here keep the words with their writer, and nothing is printed.
typedef struct tiff_file_writer tiff_file_writer;

enum {
  TIFF_FILE_WRITTEN = 0,
  /// The system or libtiff refused; `tiff_file_message` has the words. The file is of no use.
  TIFF_FILE_REFUSED = 1,
};

/// One picture: three channels of 8 bits, YCbCr, in tiles or in one strip.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// A multiple of 16; 0 for a single strip that holds the whole picture.
  uint32_t tile_side;
  /// 1 or 2: of how many pixels, across and down, the colour is kept once.
  uint16_t chroma_step;
  const char *description;
} tiff_file_picture;

/// NULL without memory. The descriptor must allow reading, writing and seeking; it stays the caller's, and must stay
/// open as long as the writer lives.
tiff_file_writer *tiff_file_create(int descriptor);

void tiff_file_destroy(tiff_file_writer *writer);

int tiff_file_begin(tiff_file_writer *writer, const tiff_file_picture *picture);

/// Writes a tile (row by row, from 0) or the strip: a whole JPEG file with its own tables.
int tiff_file_piece(tiff_file_writer *writer, uint32_t number, const uint8_t *jpeg, size_t count);

/// Writes the picture's directory, behind its pieces.
int tiff_file_end(tiff_file_writer *writer);

/// Why a call was refused, in the system's words where the system did; "" before.
const char *tiff_file_message(const tiff_file_writer *writer);

/// One level of a tiled TIFF file of JPEG tiles; of one thread.
typedef struct tiff_level tiff_level;

/// The level of that many pixels: the first tiled directory of that size, with three channels of 8 bits as JPEG.
///
/// NULL where there is none, or the file cannot be read.
tiff_level *tiff_level_open(const char *path, uint32_t width, uint32_t height);

void tiff_level_close(tiff_level *level);

uint32_t tiff_level_tile_width(const tiff_level *level);
uint32_t tiff_level_tile_height(const tiff_level *level);

/// Reads a tile as RGB, tile_height × tile_width × 3 bytes, also at an edge. 0 if it is missing or cannot be read.
int tiff_level_read(tiff_level *level, uint32_t column, uint32_t row, uint8_t *pixels);

/// A small TIFF file in memory, such as a tile: its first picture, in any form that libtiff makes RGB of; of one thread.
typedef struct tiff_picture tiff_picture;

/// NULL without memory; a file that is none has no width. The bytes must outlive the picture.
tiff_picture *tiff_picture_open(const uint8_t *bytes, size_t count);

void tiff_picture_close(tiff_picture *picture);

uint32_t tiff_picture_width(const tiff_picture *picture);
uint32_t tiff_picture_height(const tiff_picture *picture);

/// Reads it as RGB, height × width × 3 bytes, row by row from the top. 0 if it cannot be read whole.
int tiff_picture_read(tiff_picture *picture, uint8_t *pixels);

/// What libtiff complains of; "" where it does not.
const char *tiff_picture_message(const tiff_picture *picture);

/// A TIFF file as the pictures it holds, one after the other and in each other; of one thread.
typedef struct tiff_pages tiff_pages;

/// What a directory of the file says of its picture.
typedef struct {
  uint32_t width, height;
  /// 0 for a picture in strips.
  uint32_t tile_width, tile_height;
  /// A sample is a channel of a pixel, of so many bits each.
  uint16_t samples, bits, sample_format;
  uint16_t photometric, compression;
  /// 1 for RGB that is multiplied with its alpha, 2 for RGB that is not, 0 without alpha.
  uint16_t alpha;
  /// 1 for colours that lie apart, a picture each.
  uint16_t is_planar;
  /// 0 for a compression that libtiff cannot undo here.
  uint16_t is_decodable;
  /// 1 for a picture that belongs to the one before it (TIFF's SubIFDs).
  uint16_t is_child;
  /// 2 for inches, 3 for centimetres; pixels in one of them, or 0.
  uint16_t resolution_unit;
  float x_resolution;
} tiff_page;

/// NULL where the file is none, or cannot be read.
tiff_pages *tiff_pages_open(const char *path);

void tiff_pages_close(tiff_pages *picture);

uint32_t tiff_pages_page_count(const tiff_pages *picture);

tiff_page tiff_pages_page(const tiff_pages *picture, uint32_t page);

/// The text that the selected picture comes with; "" without one.
const char *tiff_pages_description(tiff_pages *picture);

/// Selects the picture that rows or tiles are read of. 0 if it cannot be read. Only such may be selected whose samples
/// have 8 or 16 bits.
int tiff_pages_select(tiff_pages *picture, uint32_t page);

/// Reads a row of a picture in strips as RGB, width × 3 bytes; rows from top to bottom, of colours that lie apart each
/// plane by itself, which then writes its bytes alone. 0 if it cannot be read.
int tiff_pages_row(tiff_pages *picture, uint32_t row, uint32_t plane, uint8_t *rgb);

/// Reads a tile as RGB, tile_height × tile_width × 3 bytes, also at an edge. 0 if it cannot be read.
int tiff_pages_tile(tiff_pages *picture, uint32_t column, uint32_t row, uint8_t *rgb);

/// Why the last call of a row or a tile failed.
const char *tiff_pages_message(const tiff_pages *picture);
