// Sums over rows; part of Variant.h.

#define AT(values, i) (*(const v8f *)((values) + (i)))

// The sum of squared differences, or infinity as soon as it is known to be above.
INLINE float VARIANT(distance_within)(const float *a, const float *b, int64_t count, float limit) {
  v8f s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    v8f d0 = AT(a, i) - AT(b, i);
    v8f d1 = AT(a, i + 8) - AT(b, i + 8);
    v8f d2 = AT(a, i + 16) - AT(b, i + 16);
    v8f d3 = AT(a, i + 24) - AT(b, i + 24);
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
    float partial = VARIANT(sum)((s0 + s1) + (s2 + s3));
    if (partial > limit) return __builtin_inff();
  }
  for (; i + 8 <= count; i += 8) {
    v8f d = AT(a, i) - AT(b, i);
    s0 += d * d;
  }
  float total = VARIANT(sum)((s0 + s1) + (s2 + s3));
  for (; i < count; i++) {
    float d = a[i] - b[i];
    total += d * d;
  }
  return total;
}

static float VARIANT(squared_distance)(const float *a, const float *b, int64_t count) {
  return VARIANT(distance_within)(a, b, count, __builtin_inff());
}

// Magnitudes order as their bits do, and infinities and NaNs have the largest.
static float VARIANT(largest_magnitude)(const float *values, int64_t count) {
  v8i largest = {0};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    v8i bits = *(const v8i *)(values + i) & 0x7fffffff;
    v8i larger = bits > largest;
    largest = (larger & bits) | (~larger & largest);
  }
  int32_t bits = __builtin_reduce_max(largest);
  for (; i < count; i++) {
    int32_t own;
    memcpy(&own, values + i, sizeof own);
    own &= 0x7fffffff;
    if (own > bits) bits = own;
  }
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

static float VARIANT(scaled_sum)(const float *values, float scale, int64_t count) {
  v8f s0 = {0}, s1 = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    s0 += AT(values, i) * scale;
    s1 += AT(values, i + 8) * scale;
  }
  float total = VARIANT(sum)(s0 + s1);
  for (; i < count; i++) total += values[i] * scale;
  return total;
}

static float VARIANT(scaled_squares)(const float *values, float scale, float offset, int64_t count) {
  v8f s0 = {0}, s1 = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    v8f a = AT(values, i) * scale - offset, b = AT(values, i + 8) * scale - offset;
    s0 += a * a;
    s1 += b * b;
  }
  float total = VARIANT(sum)(s0 + s1);
  for (; i < count; i++) {
    float a = values[i] * scale - offset;
    total += a * a;
  }
  return total;
}

static void VARIANT(transform)(
    const float *values, float scale, float offset, const float *mean, int64_t count, float *result) {
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) *(v8f *)(result + i) = AT(values, i) * scale - offset - AT(mean, i);
  for (; i < count; i++) result[i] = values[i] * scale - offset - mean[i];
}

// Eight hashes side by side, which are joined at the end. Adding 0 makes one zero of both.
static uint64_t VARIANT(row_hash)(const float *values, float scale, float offset, int64_t count) {
#pragma clang fp contract(off)
  v8u hash = {1, 2, 3, 4, 5, 6, 7, 8};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    hash = (hash ^ (v8u)(AT(values, i) * scale - offset + 0.0f)) * 0x9e3779b1u;
    hash ^= hash >> 15;
  }
  uint64_t result = 0;
  for (int l = 0; l < 8; l++) result = mix(result ^ hash[l]);
  for (; i < count; i++) {
    const float seen = values[i] * scale - offset + 0.0f;
    uint32_t bits;
    memcpy(&bits, &seen, sizeof bits);
    result = mix(result ^ bits);
  }
  return result;
}
