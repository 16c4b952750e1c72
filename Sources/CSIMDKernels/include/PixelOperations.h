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

/// PNG's prediction of a row of `count` bytes of RGB by the pixel to the left (filter 1) or above (2, not without such a
/// row), whichever leaves the lesser sum of magnitudes: the number of the filter, then `count` differences.
void simd_predict_row(const uint8_t *row, const uint8_t *above, int64_t count, uint8_t *target);

/// The means of squares of `side` pixels of premultiplied ARGB (native byte order) over white, as bytes of RGB; smaller
/// ones where the picture ends. `line` is room for `4 * width` numbers; `side` is at most 4,096.
void simd_average_squares(
    const uint32_t *piece, int64_t width, int64_t height, int64_t side, uint32_t *line, uint8_t *target,
    int64_t target_row_bytes);

#endif
