#include "COpenSlide.h"

#include "CLateLibrary.h"

#include <stddef.h>

// OpenSlide 3.4 (Debian 12), and 4 (Debian 13).
static const char *const openslide[] = {"libopenslide.so.0", "libopenslide.so.1", "libopenslide.so", NULL};

TESSERA_LATE_FUNCTION(openslide, const char *, openslide_detect_vendor, (const char *path), (path))
TESSERA_LATE_FUNCTION(openslide, openslide_t *, openslide_open, (const char *path), (path))
TESSERA_LATE_FUNCTION(openslide, int32_t, openslide_get_level_count, (openslide_t *slide), (slide))
TESSERA_LATE_FUNCTION(openslide, double, openslide_get_level_downsample, (openslide_t *slide, int32_t level),
                      (slide, level))
TESSERA_LATE_FUNCTION(openslide, const char *, openslide_get_error, (openslide_t *slide), (slide))
TESSERA_LATE_FUNCTION(openslide, const char *const *, openslide_get_property_names, (openslide_t *slide), (slide))
TESSERA_LATE_FUNCTION(openslide, const char *, openslide_get_property_value, (openslide_t *slide, const char *name),
                      (slide, name))
TESSERA_LATE_FUNCTION(openslide, const char *const *, openslide_get_associated_image_names, (openslide_t *slide),
                      (slide))
TESSERA_LATE_FUNCTION(openslide, const char *, openslide_get_version, (void), ())
TESSERA_LATE_FUNCTION(openslide, void, openslide_close, (openslide_t *slide), (slide))
TESSERA_LATE_FUNCTION(openslide, void, openslide_get_level_dimensions,
                      (openslide_t *slide, int32_t level, int64_t *width, int64_t *height),
                      (slide, level, width, height))
TESSERA_LATE_FUNCTION(openslide, void, openslide_read_region,
                      (openslide_t *slide, uint32_t *pixels, int64_t x, int64_t y, int32_t level, int64_t width,
                       int64_t height), (slide, pixels, x, y, level, width, height))
TESSERA_LATE_FUNCTION(openslide, void, openslide_get_associated_image_dimensions,
                      (openslide_t *slide, const char *name, int64_t *width, int64_t *height),
                      (slide, name, width, height))
TESSERA_LATE_FUNCTION(openslide, void, openslide_read_associated_image,
                      (openslide_t *slide, const char *name, uint32_t *pixels), (slide, name, pixels))
