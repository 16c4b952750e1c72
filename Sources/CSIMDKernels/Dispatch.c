#include "CSIMDKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define NEW_MARK 0x80000000u

// Orders as the float does: a negative number's bits are all flipped, a positive one's sign bit only.
static inline uint64_t key_of(float score, uint32_t row) {
  uint32_t bits;
  memcpy(&bits, &score, sizeof bits);
  bits ^= (bits >> 31) ? 0xffffffffu : 0x80000000u;
  return (uint64_t)bits << 32 | row;
}

float simd_score_of_key(uint64_t key) {
  uint32_t bits = (uint32_t)(key >> 32);
  bits ^= (bits >> 31) ? 0x80000000u : 0xffffffffu;
  float score;
  memcpy(&score, &bits, sizeof score);
  return score;
}

// The finaliser of SplitMix64, doi:10.1145/2660193.2660195.
static inline uint64_t mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// By insertion up to 24 keys; more are parted into two halves first.
void simd_sort_keys(uint64_t *keys, int64_t count) {
  while (count > 24) {
    const int64_t half = count / 2;
    simd_select_smallest(keys, count, half);
    simd_sort_keys(keys, half);
    keys += half;
    count -= half;
  }
  for (int64_t i = 1; i < count; i++) {
    const uint64_t key = keys[i];
    int64_t j = i;
    for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

// Lomuto's partition, which needs no branch for each key, around the median of three.
uint64_t simd_select_smallest(uint64_t *keys, int64_t count, int64_t wanted) {
  int64_t low = 0, high = count - 1;
  const int64_t target = wanted - 1;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const uint64_t a = keys[low], b = keys[middle], c = keys[high];
    const int64_t median = a < b ? (b < c ? middle : (a < c ? high : low)) : (a < c ? low : (b < c ? high : middle));
    const uint64_t pivot = keys[median];
    keys[median] = keys[high];
    int64_t below = low;
    for (int64_t i = low; i < high; i++) {
      const uint64_t key = keys[i];
      keys[i] = keys[below];
      keys[below] = key;
      below += key < pivot;
    }
    keys[high] = keys[below];
    keys[below] = pivot;
    if (target == below) break;
    if (target < below) {
      high = below - 1;
    } else {
      low = below + 1;
    }
  }
  return keys[target];
}

#if defined(__clang__)
// Vectors are only passed to functions that are inlined: how they would be passed in a call does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
#endif

#define VARIANT(name) base_##name
#define HAS_AVX2 0
#include "Variant.h"
#undef HAS_AVX2
#undef VARIANT

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VARIANT(name) avx2_##name
#define HAS_AVX2 1
#include "Variant.h"
#undef HAS_AVX2
#undef VARIANT
#pragma clang attribute pop
#define DISPATCH(name, ...) \
  (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2_##name(__VA_ARGS__) : base_##name(__VA_ARGS__))
#else
#define DISPATCH(name, ...) base_##name(__VA_ARGS__)
#endif

float simd_squared_distance(const float *a, const float *b, int64_t count) {
  return DISPATCH(squared_distance, a, b, count);
}

float simd_largest_magnitude(const float *values, int64_t count) {
  return DISPATCH(largest_magnitude, values, count);
}

float simd_scaled_sum(const float *values, float scale, int64_t count) {
  return DISPATCH(scaled_sum, values, scale, count);
}

float simd_scaled_squares(const float *values, float scale, float offset, int64_t count) {
  return DISPATCH(scaled_squares, values, scale, offset, count);
}

void simd_transform(
    const float *values, float scale, float offset, const float *mean, int64_t count, float *result) {
  DISPATCH(transform, values, scale, offset, mean, count, result);
}

uint64_t simd_row_hash(const float *values, float scale, float offset, int64_t count) {
  return DISPATCH(row_hash, values, scale, offset, count);
}

int64_t simd_collect_below(
    const float *products, const float *norms, int64_t count, float threshold, uint32_t first_column,
    uint64_t *keys, int64_t key_count) {
  return DISPATCH(collect_below, products, norms, count, threshold, first_column, keys, key_count);
}

void simd_count_below(
    const float *products, const float *norms, int64_t count, const float *thresholds, int64_t threshold_count,
    int64_t *counts) {
  DISPATCH(count_below, products, norms, count, thresholds, threshold_count, counts);
}

void simd_project_keys(const simd_space *space, const float *direction, uint64_t *keys, int64_t count) {
  DISPATCH(project_keys, space, direction, keys, count);
}

int64_t simd_improve_list(
    uint64_t *list, int64_t held, int64_t capacity, const simd_space *space, uint32_t row, const uint32_t *candidates,
    int64_t count) {
  return DISPATCH(improve_list, list, held, capacity, space, row, candidates, count, NULL);
}

int64_t simd_expand_lists(
    const simd_neighbourhood *known, const simd_space *space, int64_t first, int64_t last, uint8_t *seen,
    uint64_t *result) {
  return DISPATCH(expand_lists, known, space, first, last, seen, result);
}

float simd_scattered_distance(const simd_scattered_rows *rows, uint32_t a, uint32_t b) {
  return DISPATCH(whole_scattered_distance, rows, a, b);
}

void simd_nearest_scattered(
    const simd_scattered_rows *rows, uint32_t row, const uint32_t *candidates, int64_t count, uint64_t *nearest,
    int64_t wanted) {
  DISPATCH(nearest_scattered, rows, row, candidates, count, nearest, wanted);
}

int64_t simd_nearest_in_range(
    const simd_space *space, const float *own, float bias, int64_t first, int64_t last, uint64_t *list, int64_t held,
    int64_t capacity) {
  return DISPATCH(nearest_in_range, space, own, bias, first, last, list, held, capacity);
}

void simd_smooth_weights(const float *distances, int64_t count, float mean_of_all, float *weights) {
  DISPATCH(smooth_weights, distances, count, mean_of_all, weights);
}

void simd_move_along_edges(
    const simd_layout *layout, int32_t epoch, float step, int64_t first, int64_t last, float *heads, float *tails,
    const float *snapshot) {
  DISPATCH(move_along_edges, layout, epoch, step, first, last, heads, tails, snapshot);
}

void simd_pair_gradients(
    const simd_pairs *pairs, simd_pair_weights weights, int64_t first, int64_t last, const float *positions,
    float *gradients) {
  DISPATCH(pair_gradients, pairs, weights, first, last, positions, gradients);
}

void simd_adam_step(
    const simd_adam *adam, const float *gradients, const float *values, int64_t count, float *moved) {
  DISPATCH(adam_step, adam, gradients, values, count, moved);
}

void simd_resample(
    const uint8_t *source, int64_t source_width, int64_t source_height, const simd_taps *down, const simd_taps *across,
    int16_t *line, uint8_t *target) {
  DISPATCH(resample, source, source_width, source_height, down, across, line, target);
}

void simd_lay_over_white(const uint32_t *source, int64_t count, uint8_t *target) {
  DISPATCH(lay_over_white, source, count, target);
}

void simd_make_opaque(const uint8_t *source, int64_t count, uint32_t *target) {
  DISPATCH(make_opaque, source, count, target);
}

void simd_predict_row(const uint8_t *row, const uint8_t *above, int64_t count, uint8_t *target) {
  DISPATCH(predict_row, row, above, count, target);
}

void simd_average_squares(
    const uint32_t *piece, int64_t width, int64_t height, int64_t side, uint32_t *line, uint8_t *target,
    int64_t target_row_bytes) {
  DISPATCH(average_squares, piece, width, height, side, line, target, target_row_bytes);
}
