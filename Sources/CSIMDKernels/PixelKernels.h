// Pictures of bytes: their sizes and their channels; part of Variant.h.

typedef uint8_t VARIANT(v8b) __attribute__((vector_size(8), aligned(1)));
typedef uint8_t VARIANT(v16b) __attribute__((vector_size(16), aligned(1)));
typedef int16_t VARIANT(v8h) __attribute__((vector_size(16), aligned(2)));
typedef int16_t VARIANT(v16h) __attribute__((vector_size(32), aligned(2)));
typedef int32_t VARIANT(v4i) __attribute__((vector_size(16), aligned(4)));
#define v8b VARIANT(v8b)
#define v16b VARIANT(v16b)
#define v8h VARIANT(v8h)
#define v16h VARIANT(v16h)
#define v4i VARIANT(v4i)

// Sums of the products of neighbours: one instruction on numbers of 16 bits, which compilers do not find by themselves.
INLINE v4i VARIANT(pair_sums4)(v8h a, v8h b) {
#if defined(__x86_64__)
  return (v4i)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  v4i evens = __builtin_convertvector(__builtin_shufflevector(a, a, 0, 2, 4, 6), v4i) *
              __builtin_convertvector(__builtin_shufflevector(b, b, 0, 2, 4, 6), v4i);
  v4i odds = __builtin_convertvector(__builtin_shufflevector(a, a, 1, 3, 5, 7), v4i) *
             __builtin_convertvector(__builtin_shufflevector(b, b, 1, 3, 5, 7), v4i);
  return evens + odds;
#endif
}

INLINE v8i VARIANT(pair_sums8)(v16h a, v16h b) {
#if HAS_AVX2
  return (v8i)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#else
  v4i low = VARIANT(pair_sums4)(
      __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7), __builtin_shufflevector(b, b, 0, 1, 2, 3, 4, 5, 6, 7));
  v4i high = VARIANT(pair_sums4)(
      __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15),
      __builtin_shufflevector(b, b, 8, 9, 10, 11, 12, 13, 14, 15));
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#endif
}

// One row of weighed rows: 14 bits of weight come in, six stay below the point. `last_step` leads from the upper row of
// the last pair to its lower one.
INLINE void VARIANT(weigh_rows)(
    const uint8_t *first, int64_t row_bytes, int64_t last_step, const int16_t *weights, int64_t pair_count,
    int16_t *line) {
  int64_t i = 0;
  for (; i + 16 <= row_bytes; i += 16) {
    v8i low = {0}, high = {0};
    const uint8_t *row = first + i;
    for (int64_t pair = 0; pair < pair_count; pair++, row += 2 * row_bytes) {
      const int64_t step = pair + 1 < pair_count ? row_bytes : last_step;
      v8h weight = *(const v8h *)(weights + pair * 8);
      v16h both = __builtin_shufflevector(weight, weight, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
      v16b upper = *(const v16b *)row, lower = *(const v16b *)(row + step);
      v16b left = __builtin_shufflevector(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      v16b right = __builtin_shufflevector(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      low += VARIANT(pair_sums8)(__builtin_convertvector(left, v16h), both);
      high += VARIANT(pair_sums8)(__builtin_convertvector(right, v16h), both);
    }
    *(v8h *)(line + i) = __builtin_convertvector(low >> 8, v8h);
    *(v8h *)(line + i + 8) = __builtin_convertvector(high >> 8, v8h);
  }
  for (; i < row_bytes; i++) {
    int32_t sum = 0;
    for (int64_t pair = 0; pair < pair_count; pair++) {
      const uint8_t *place = first + 2 * pair * row_bytes + i;
      const int64_t step = pair + 1 < pair_count ? row_bytes : last_step;
      sum += weights[pair * 8] * place[0] + weights[pair * 8 + 1] * place[step];
    }
    line[i] = (int16_t)(sum >> 8);
  }
}

static void VARIANT(resample)(
    const uint8_t *source, int64_t source_width, int64_t source_height, const simd_taps *down, const simd_taps *across,
    int16_t *line, uint8_t *target) {
  const int64_t row_bytes = source_width * 3;
  for (int64_t row = 0; row < down->length; row++) {
    const int64_t first = down->first[row];
    VARIANT(weigh_rows)(
        source + first * row_bytes, row_bytes, first + 2 * down->pair_count <= source_height ? row_bytes : 0,
        down->weights + row * down->pair_count * 8, down->pair_count, line);
    const int16_t *weights = across->weights;
    for (int64_t column = 0; column < across->length; column++) {
      v4i sum = (v4i){} + (1 << 19);
      const int16_t *place = line + across->first[column] * 3;
      for (int64_t pair = 0; pair < across->pair_count; pair++, weights += 8, place += 6) {
        v8h pixels = *(const v8h *)place;
        // The same channel of two pixels beside each other; the last two lanes are of no use.
        v8h channels = __builtin_shufflevector(pixels, pixels, 0, 3, 1, 4, 2, 5, 6, 7);
        sum += VARIANT(pair_sums4)(channels, *(const v8h *)weights);
      }
      sum >>= 20;
      sum = __builtin_elementwise_min(__builtin_elementwise_max(sum, (v4i){}), (v4i){} + 255);
      target[0] = (uint8_t)sum[0];
      target[1] = (uint8_t)sum[1];
      target[2] = (uint8_t)sum[2];
      target += 3;
    }
  }
}

static void VARIANT(lay_over_white)(const uint32_t *source, int64_t count, uint8_t *target) {
  int64_t i = 0;
  // Sixteen bytes are written for twelve that count.
  for (; i + 6 <= count; i += 4) {
    v16b pixels = *(const v16b *)(source + i);
    v16b colours = __builtin_shufflevector(
        pixels, pixels, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 15, 15, 15, 15);
    v16b alphas = __builtin_shufflevector(
        pixels, pixels, 3, 3, 3, 7, 7, 7, 11, 11, 11, 15, 15, 15, 15, 15, 15, 15);
    *(v16b *)(target + i * 3) = __builtin_elementwise_add_sat(colours, ~alphas);
  }
  for (; i < count; i++) {
    const uint32_t pixel = source[i], white = 255 - (pixel >> 24);
    for (int channel = 0; channel < 3; channel++) {
      const uint32_t sum = (pixel >> (16 - 8 * channel) & 0xff) + white;
      target[i * 3 + channel] = (uint8_t)(sum < 255 ? sum : 255);
    }
  }
}

static void VARIANT(make_opaque)(const uint8_t *source, int64_t count, uint32_t *target) {
  const v16b opaque = {0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255};
  int64_t i = 0;
  // Sixteen bytes are read for twelve that count.
  for (; i + 6 <= count; i += 4) {
    v16b bytes = *(const v16b *)(source + i * 3);
    *(v16b *)(target + i) =
        __builtin_shufflevector(bytes, bytes, 2, 1, 0, 0, 5, 4, 3, 3, 8, 7, 6, 6, 11, 10, 9, 9) | opaque;
  }
  for (; i < count; i++) {
    target[i] = 0xff000000u | (uint32_t)source[i * 3] << 16 | (uint32_t)source[i * 3 + 1] << 8 | source[i * 3 + 2];
  }
}

// Of sixteen differences modulo 256, the sum of their magnitudes as signed numbers; a smaller one of d and -d is its magnitude.
INLINE int64_t VARIANT(magnitudes16)(v16b difference) {
  v16b magnitude = __builtin_elementwise_min(difference, -difference);
#if defined(__x86_64__)
  __m128i sums = _mm_sad_epu8((__m128i)magnitude, _mm_setzero_si128());
  return _mm_cvtsi128_si64(sums) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
#else
  int64_t sum = 0;
  for (int i = 0; i < 16; i++) sum += magnitude[i];
  return sum;
#endif
}

INLINE int64_t VARIANT(magnitudes)(const uint8_t *row, const uint8_t *other, int64_t count) {
  int64_t sum = 0, i = 0;
  for (; i + 16 <= count; i += 16) {
    sum += VARIANT(magnitudes16)(*(const v16b *)(row + i) - *(const v16b *)(other + i));
  }
  for (; i < count; i++) {
    const uint8_t difference = row[i] - other[i], negated = -difference;
    sum += difference < negated ? difference : negated;
  }
  return sum;
}

static void VARIANT(predict_row)(const uint8_t *row, const uint8_t *above, int64_t count, uint8_t *target) {
  const int64_t first = count < 3 ? count : 3;
  if (above && VARIANT(magnitudes)(row, above, count) <= VARIANT(magnitudes)(row + first, row, count - first)) {
    target[0] = 2;
    for (int64_t i = 0; i < count; i++) target[i + 1] = row[i] - above[i];
  } else {
    target[0] = 1;
    for (int64_t i = 0; i < first; i++) target[i + 1] = row[i];
    for (int64_t i = first; i < count; i++) target[i + 1] = row[i] - row[i - 3];
  }
}

static void VARIANT(average_squares)(
    const uint32_t *piece, int64_t width, int64_t height, int64_t side, uint32_t *line, uint8_t *target,
    int64_t target_row_bytes) {
  for (int64_t top = 0; top < height; top += side, target += target_row_bytes) {
    if (side == 1) {
      VARIANT(lay_over_white)(piece + top * width, width, target);
      continue;
    }
    const int64_t rows = height - top < side ? height - top : side;
    for (int64_t i = 0; i < width * 4; i++) line[i] = 0;
    for (int64_t row = top; row < top + rows; row++) {
      const uint8_t *bytes = (const uint8_t *)(piece + row * width);
      for (int64_t i = 0; i < width * 4; i++) line[i] += bytes[i];
    }
    uint8_t *pixel = target;
    for (int64_t left = 0; left < width; left += side, pixel += 3) {
      const int64_t columns = width - left < side ? width - left : side;
      v4i sums = {};
      for (int64_t column = left; column < left + columns; column++) sums += *(const v4i *)(line + column * 4);
      const uint32_t count = (uint32_t)(rows * columns);
      // What is missing to opaque is white.
      const uint32_t more = 255 * count - (uint32_t)sums[3] + count / 2;
      for (int channel = 0; channel < 3; channel++) {
        const uint32_t mean = ((uint32_t)sums[2 - channel] + more) / count;
        pixel[channel] = (uint8_t)(mean < 255 ? mean : 255);
      }
    }
  }
}

#undef v8b
#undef v16b
#undef v8h
#undef v16h
#undef v4i
