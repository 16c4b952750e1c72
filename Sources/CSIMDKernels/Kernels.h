// The kernels, written once in portable vector types. Dispatch.c includes this file once for each instruction set,
// with VARIANT(name) giving the functions their names. No include guard: it is meant to be included repeatedly.

typedef float VARIANT(v8f) __attribute__((vector_size(32), aligned(4)));
typedef int32_t VARIANT(v8i) __attribute__((vector_size(32), aligned(4)));
typedef uint32_t VARIANT(v8u) __attribute__((vector_size(32), aligned(4)));
#define v8f VARIANT(v8f)
#define v8i VARIANT(v8i)
#define v8u VARIANT(v8u)
#define INLINE static inline __attribute__((always_inline))

INLINE v8f VARIANT(pick)(v8i mask, v8f yes, v8f no) {
  return (v8f)((mask & (v8i)yes) | (~mask & (v8i)no));
}

INLINE float VARIANT(sum)(v8f v) {
  return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}

static float VARIANT(squared_distance)(const float *a, const float *b, int64_t count) {
  v8f s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    v8f d0 = *(const v8f *)(a + i) - *(const v8f *)(b + i);
    v8f d1 = *(const v8f *)(a + i + 8) - *(const v8f *)(b + i + 8);
    v8f d2 = *(const v8f *)(a + i + 16) - *(const v8f *)(b + i + 16);
    v8f d3 = *(const v8f *)(a + i + 24) - *(const v8f *)(b + i + 24);
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; i + 8 <= count; i += 8) {
    v8f d = *(const v8f *)(a + i) - *(const v8f *)(b + i);
    s0 += d * d;
  }
  float total = VARIANT(sum)((s0 + s1) + (s2 + s3));
  for (; i < count; i++) {
    float d = a[i] - b[i];
    total += d * d;
  }
  return total;
}

static int64_t VARIANT(first_not_finite)(const float *values, int64_t count) {
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    v8i exponents = {0};
    for (int part = 0; part < 32; part += 8) {
      v8i bits = *(const v8i *)(values + i + part) & 0x7f800000;
      exponents |= (bits == 0x7f800000);
    }
    if (__builtin_reduce_or(exponents)) break;
  }
  for (; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    if ((bits & 0x7f800000u) == 0x7f800000u) return i;
  }
  return -1;
}

static int64_t VARIANT(collect_below)(
    const float *products, const float *norms, int64_t count, float threshold, uint32_t first_column,
    uint64_t *keys, int64_t key_count) {
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    v8i below = {0};
    for (int part = 0; part < 32; part += 8) {
      v8f score = *(const v8f *)(norms + i + part) - 2.0f * *(const v8f *)(products + i + part);
      below |= (score < threshold);
    }
    if (!__builtin_reduce_or(below)) continue;
    for (int64_t j = i; j < i + 32; j++) {
      float score = norms[j] - 2.0f * products[j];
      keys[key_count] = key_of(score, first_column + (uint32_t)j);
      key_count += score < threshold;
    }
  }
  for (; i < count; i++) {
    float score = norms[i] - 2.0f * products[i];
    if (score < threshold) keys[key_count++] = key_of(score, first_column + (uint32_t)i);
  }
  return key_count;
}

// Base-2 logarithm of positive normal numbers, absolute error 1.2e-6: (m - 1) times a Chebyshev fit on the mantissa m.
INLINE v8f VARIANT(log2)(v8f x) {
  v8i bits = (v8i)x;
  v8f exponent = __builtin_convertvector((bits >> 23) - 127, v8f);
  v8f u = (v8f)((bits & 0x007fffff) | 0x3f800000) - 1.0f;
  v8f p = u * 0.02001664973795414f - 0.09462680667638779f;
  p = p * u + 0.213943213224411f;
  p = p * u - 0.3383772075176239f;
  p = p * u + 0.47749635577201843f;
  p = p * u - 0.7211440801620483f;
  p = p * u + 1.4426929950714111f;
  return p * u + exponent;
}

// 2 to the power x, relative error 2e-7, for x clamped to ±126: a Chebyshev fit on ±1/2.
INLINE v8f VARIANT(exp2)(v8f x) {
  x = VARIANT(pick)(x < -126.0f, (v8f){} - 126.0f, x);
  x = VARIANT(pick)(x > 126.0f, (v8f){} + 126.0f, x);
  // Adding 1.5 · 2^23 rounds to the nearest integer.
  v8f rounded = (x + 12582912.0f) - 12582912.0f;
  v8f f = x - rounded;
  v8f p = f * 0.0013390863314270973f + 0.009676031768321991f;
  p = p * f + 0.055503569543361664f;
  p = p * f + 0.2402210682630539f;
  p = p * f + 0.6931471824645996f;
  p = p * f + 1.0000001192092896f;
  return p * (v8f)((__builtin_convertvector(rounded, v8i) + 127) << 23);
}

INLINE v8f VARIANT(clip)(v8f x) {
  x = VARIANT(pick)(x < -4.0f, (v8f){} - 4.0f, x);
  return VARIANT(pick)(x > 4.0f, (v8f){} + 4.0f, x);
}

INLINE v8u VARIANT(hash)(v8u h) {
  h ^= h >> 16;
  h *= 0x7feb352du;
  h ^= h >> 15;
  h *= 0x846ca68bu;
  h ^= h >> 16;
  return h;
}

INLINE void VARIANT(move_in)(
    const int dims, const simd_layout *g, int32_t epoch, float step, int64_t first, int64_t last, float *positions,
    const float *snapshot) {
  const v8u lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  const v8i is_first_lane = {-1, 0, 0, 0, 0, 0, 0, 0};
  const v8i none = {0};
  const v8f zero = {0};
  const uint64_t n = (uint64_t)g->vertex_count;
  const uint64_t epoch_key = mix(g->seed + (uint64_t)epoch);
  // Due edges are collected without branches, which could not be predicted.
  int64_t due[256];
  for (int64_t start = first; start < last; start += 256) {
    const int64_t end = start + 256 < last ? start + 256 : last;
    int64_t due_count = 0;
    for (int64_t e = start; e < end; e++) {
      due[due_count] = e;
      due_count += g->next_epochs[e] <= (float)epoch;
    }
    for (int64_t d = 0; d < due_count; d++) {
      const int64_t edge = due[d];
      g->next_epochs[edge] += g->periods[edge];
      float *head = positions + (int64_t)g->heads[edge] * dims;
      float *tail = positions + (int64_t)g->tails[edge] * dims;
      float x = head[0], y = head[1], z = dims == 3 ? head[2] : 0;
      const uint64_t key = mix(epoch_key ^ (uint64_t)edge);
      uint32_t counter = (uint32_t)key;
      const uint32_t salt = (uint32_t)(key >> 32);
      // The first register holds the attraction and up to seven repulsions; further ones only repulsions.
      int32_t left = g->negatives;
      for (int is_first = 1; is_first || left > 0; is_first = 0) {
        v8u drawn = VARIANT(hash)((lanes + counter) ^ salt);
        counter += 8;
        int used = is_first + left;
        if (used > 8) used = 8;
        left -= used - is_first;
        v8f ox, oy, oz = {0};
        v8i others;
        for (int l = 0; l < 8; l++) {
          const int32_t other = (int32_t)(((uint64_t)drawn[l] * n) >> 32);
          others[l] = other;
          ox[l] = snapshot[(int64_t)other * dims];
          oy[l] = snapshot[(int64_t)other * dims + 1];
          if (dims == 3) oz[l] = snapshot[(int64_t)other * dims + 2];
        }
        if (is_first) {
          others[0] = g->tails[edge];
          ox[0] = tail[0];
          oy[0] = tail[1];
          if (dims == 3) oz[0] = tail[2];
        }
        v8f dx = x - ox, dy = y - oy, dz = z - oz;
        v8f squared = dx * dx + dy * dy;
        if (dims == 3) squared += dz * dz;
        v8f power = VARIANT(exp2)(g->b * VARIANT(log2)(squared));
        v8f attraction = -2.0f * g->a * g->b * power;
        v8f repulsion = (v8f){} + 2.0f * g->b;
        v8i attracts = is_first ? is_first_lane : none;
        v8f numerator = VARIANT(pick)(attracts, attraction, repulsion);
        v8f denominator = VARIANT(pick)(attracts, squared, squared + 0.001f) * (g->a * power + 1.0f);
        v8i counts = (squared > 0.0f) & (others != g->heads[edge]) & ((v8i)lanes < used);
        v8f factor = VARIANT(pick)(counts, numerator / denominator, zero);
        v8f mx = VARIANT(clip)(factor * dx), my = VARIANT(clip)(factor * dy), mz = VARIANT(clip)(factor * dz);
        x += step * VARIANT(sum)(mx);
        y += step * VARIANT(sum)(my);
        if (dims == 3) z += step * VARIANT(sum)(mz);
        if (is_first) {
          tail[0] -= step * mx[0];
          tail[1] -= step * my[0];
          if (dims == 3) tail[2] -= step * mz[0];
        }
      }
      head[0] = x;
      head[1] = y;
      if (dims == 3) head[2] = z;
    }
  }
}

static void VARIANT(move_along_edges)(
    const simd_layout *g, int32_t epoch, float step, int64_t first, int64_t last, float *positions,
    const float *snapshot) {
  if (g->dimensions == 3) {
    VARIANT(move_in)(3, g, epoch, step, first, last, positions, snapshot);
  } else {
    VARIANT(move_in)(2, g, epoch, step, first, last, positions, snapshot);
  }
}

#undef v8f
#undef v8i
#undef v8u
#undef INLINE
