#ifndef PIXEL_OPERATIONS_H
#define PIXEL_OPERATIONS_H

#include <stdint.h>

/// How the pixels along one axis of a picture become those of another size: for each of them an even number of
/// neighbours, one after another.
typedef struct {
  /// Pixels of the result along the axis.
  int64_t length;
  /// Pairs of neighbours for each of them.
  int64_t pair_count;
  /// By pixel of the result: the first neighbour.
  const int32_t *first;
  /// By pixel of the result and pair: the two weights, four times. The weights of a pixel add up to 2¹⁴, and their
  /// magnitudes to less than twice that.
  const int16_t *weights;
} simd_taps;

/// Brings a picture of RGB bytes to another size, first down its rows, then along them. Whole numbers throughout: the
/// same bytes whatever the processor.
///
/// All neighbours must lie within the picture, but the last of the last pair, whose weight is then 0. `line` is room
/// for `3 * source_width + 8` numbers, zero at first.
void simd_resample(
    const uint8_t *source, int64_t source_width, int64_t source_height, const simd_taps *down, const simd_taps *across,
    int16_t *line, uint8_t *target);

/// Lays `count` pixels of premultiplied ARGB (native byte order) over white, as bytes of RGB.
void simd_lay_over_white(const uint32_t *source, int64_t count, uint8_t *target);

/// `count` pixels of RGB bytes as opaque ARGB.
void simd_make_opaque(const uint8_t *source, int64_t count, uint32_t *target);

#endif
