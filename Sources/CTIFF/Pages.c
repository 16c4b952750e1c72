#include "CTIFF.h"

#include "Library.h"

#include <stdlib.h>
#include <string.h>

enum { most_pages = 512, most_directories = 256, most_children = 32 };

struct tiff_pages {
  TIFF *file;
  tiff_page pages[most_pages];
  uint64_t offsets[most_pages];
  uint32_t page_count;
  uint32_t selected;
  /// A row or a tile as the file has it.
  uint8_t *buffer;
  tmsize_t buffer_size;
  uint16_t *red, *green, *blue;
  char message[200];
};

static uint16_t number(TIFF *file, uint32_t tag, uint16_t absent) {
  uint16_t value = 0;
  return tiff_get_field()(file, tag, &value) ? value : absent;
}

/// Describes the directory that the file stands at.
static tiff_page page_of(TIFF *file, int is_child) {
  __typeof__(&TIFFGetField) get = tiff_get_field();
  tiff_page page = {0};
  page.is_child = is_child;
  get(file, TIFFTAG_IMAGEWIDTH, &page.width);
  get(file, TIFFTAG_IMAGELENGTH, &page.height);
  if (TIFFIsTiled(file)) {
    get(file, TIFFTAG_TILEWIDTH, &page.tile_width);
    get(file, TIFFTAG_TILELENGTH, &page.tile_height);
  }
  page.bits = number(file, TIFFTAG_BITSPERSAMPLE, 1);
  page.samples = number(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  page.sample_format = number(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  page.photometric = number(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  page.compression = number(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  page.is_planar = page.samples > 1 && number(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  page.is_decodable = TIFFIsCODECConfigured(page.compression) != 0;
  page.resolution_unit = number(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  get(file, TIFFTAG_XRESOLUTION, &page.x_resolution);
  uint16_t extra_count = 0, *extra = NULL;
  if (get(file, TIFFTAG_EXTRASAMPLES, &extra_count, &extra) && extra_count > 0) {
    page.alpha = extra[0] == EXTRASAMPLE_ASSOCALPHA ? 1 : extra[0] == EXTRASAMPLE_UNASSALPHA ? 2 : 0;
  }
  return page;
}

static void add_page(tiff_pages *picture, uint64_t offset, int is_child) {
  if (picture->page_count == most_pages) return;
  picture->offsets[picture->page_count] = offset;
  picture->pages[picture->page_count++] = page_of(picture->file, is_child);
}

tiff_pages *tiff_pages_open(const char *path) {
  tiff_pages *picture = calloc(1, sizeof *picture);
  if (!picture) return NULL;
  tiff_keep_messages(picture->message, sizeof picture->message);
  // Read and not mapped: a file that becomes shorter must not end the process.
  picture->file = TIFFOpen(path, "rm");
  for (int directory = 0; picture->file && directory < most_directories; directory++) {
    uint64_t own = TIFFCurrentDirOffset(picture->file);
    add_page(picture, own, 0);
    uint16_t child_count = 0;
    uint64_t *children = NULL, kept[most_children];
    if (tiff_get_field()(picture->file, TIFFTAG_SUBIFD, &child_count, &children) && child_count > 0) {
      if (child_count > most_children) child_count = most_children;
      memcpy(kept, children, child_count * sizeof *kept);
      for (int child = 0; child < child_count; child++) {
        if (TIFFSetSubDirectory(picture->file, kept[child])) add_page(picture, kept[child], 1);
      }
      if (!TIFFSetSubDirectory(picture->file, own)) break;
    }
    if (!TIFFReadDirectory(picture->file)) break;
  }
  tiff_keep_messages(NULL, 0);
  if (picture->page_count > 0 && tiff_pages_select(picture, 0)) return picture;
  tiff_pages_close(picture);
  return NULL;
}

void tiff_pages_close(tiff_pages *picture) {
  if (!picture) return;
  tiff_keep_messages(picture->message, sizeof picture->message);
  if (picture->file) TIFFClose(picture->file);
  tiff_keep_messages(NULL, 0);
  free(picture->buffer);
  free(picture);
}

uint32_t tiff_pages_page_count(const tiff_pages *picture) { return picture->page_count; }

tiff_page tiff_pages_page(const tiff_pages *picture, uint32_t page) { return picture->pages[page]; }

const char *tiff_pages_description(tiff_pages *picture) {
  char *text = NULL;
  return tiff_get_field()(picture->file, TIFFTAG_IMAGEDESCRIPTION, &text) && text ? text : "";
}

int tiff_pages_select(tiff_pages *picture, uint32_t page) {
  if (page >= picture->page_count) return 0;
  tiff_keep_messages(picture->message, sizeof picture->message);
  int is_fine = TIFFSetSubDirectory(picture->file, picture->offsets[page]);
  const tiff_page *chosen = &picture->pages[page];
  if (is_fine && chosen->compression == COMPRESSION_JPEG && chosen->photometric == PHOTOMETRIC_YCBCR) {
    // Pixels that are kept as luminance and colour come as RGB.
    is_fine = tiff_set_field()(picture->file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  if (is_fine && chosen->photometric == PHOTOMETRIC_PALETTE) {
    is_fine = tiff_get_field()(picture->file, TIFFTAG_COLORMAP, &picture->red, &picture->green, &picture->blue);
  }
  picture->selected = page;
  tmsize_t size = !is_fine ? 0 : chosen->tile_width ? TIFFTileSize(picture->file) : TIFFScanlineSize(picture->file);
  tiff_keep_messages(NULL, 0);
  if (size <= 0) return 0;
  free(picture->buffer);
  picture->buffer = malloc((size_t)size);
  picture->buffer_size = picture->buffer ? size : 0;
  return picture->buffer != NULL;
}

static uint8_t over_white(uint8_t value, uint8_t alpha, int is_premultiplied) {
  uint32_t light = is_premultiplied ? value * 255u : (uint32_t)value * alpha;
  uint32_t sum = light + 255u * (255u - alpha) + 127;
  return sum >= 255u * 256u ? 255 : (uint8_t)(sum / 255);
}

/// Makes pixels as the file has them bytes of RGB.
///
/// `plane`: of pixels whose colours lie apart, which one; the others of a target's bytes stay.
static void convert(const tiff_pages *picture, const uint8_t *source, uint32_t count, uint32_t plane, uint8_t *rgb) {
  const tiff_page *page = &picture->pages[picture->selected];
  const uint32_t step = page->bits / 8, samples = page->is_planar ? 1 : page->samples;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  // libtiff gives samples of 16 bits in the machine's order: the high byte is the second.
  source += step - 1;
#endif
  for (uint32_t i = 0; i < count; i++, source += samples * step, rgb += 3) {
    if (page->is_planar) {
      if (plane < 3) rgb[plane] = *source;
      continue;
    }
    switch (page->photometric) {
      case PHOTOMETRIC_PALETTE:
        rgb[0] = (uint8_t)(picture->red[*source] >> 8);
        rgb[1] = (uint8_t)(picture->green[*source] >> 8);
        rgb[2] = (uint8_t)(picture->blue[*source] >> 8);
        break;
      case PHOTOMETRIC_MINISWHITE: rgb[0] = rgb[1] = rgb[2] = (uint8_t)(255 - *source); break;
      case PHOTOMETRIC_MINISBLACK: rgb[0] = rgb[1] = rgb[2] = *source; break;
      default:
        for (int channel = 0; channel < 3; channel++) {
          uint8_t value = source[(uint32_t)channel * step];
          rgb[channel] = samples > 3 && page->alpha ? over_white(value, source[3 * step], page->alpha == 1) : value;
        }
    }
  }
}

int tiff_pages_row(tiff_pages *picture, uint32_t row, uint32_t plane, uint8_t *rgb) {
  const tiff_page *page = &picture->pages[picture->selected];
  picture->message[0] = 0;
  tiff_keep_messages(picture->message, sizeof picture->message);
  tiff_keep_warnings(1);
  int read = TIFFReadScanline(picture->file, picture->buffer, row, (uint16_t)plane);
  tiff_keep_warnings(0);
  tiff_keep_messages(NULL, 0);
  if (read != 1 || picture->message[0]) return 0;
  convert(picture, picture->buffer, page->width, plane, rgb);
  return 1;
}

int tiff_pages_tile(tiff_pages *picture, uint32_t column, uint32_t row, uint8_t *rgb) {
  const tiff_page *page = &picture->pages[picture->selected];
  uint32_t columns = (page->width + page->tile_width - 1) / page->tile_width;
  picture->message[0] = 0;
  tiff_keep_messages(picture->message, sizeof picture->message);
  tiff_keep_warnings(1);
  tmsize_t read =
      TIFFReadEncodedTile(picture->file, row * columns + column, picture->buffer, picture->buffer_size);
  tiff_keep_warnings(0);
  tiff_keep_messages(NULL, 0);
  if (read != picture->buffer_size || picture->message[0]) return 0;
  convert(picture, picture->buffer, page->tile_width * page->tile_height, 0, rgb);
  return 1;
}

const char *tiff_pages_message(const tiff_pages *picture) { return picture->message; }
