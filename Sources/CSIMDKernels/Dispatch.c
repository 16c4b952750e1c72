#include "CSIMDKernels.h"

#include <string.h>

// Orders as the float does: a negative number's bits are all flipped, a positive one's sign bit only.
static inline uint64_t key_of(float score, uint32_t column) {
  uint32_t bits;
  memcpy(&bits, &score, sizeof bits);
  bits ^= (bits >> 31) ? 0xffffffffu : 0x80000000u;
  return (uint64_t)bits << 32 | column;
}

// The finaliser of SplitMix64, doi:10.1145/2660193.2660195.
static inline uint64_t mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

#if defined(__clang__)
// Vectors are only passed to functions that are inlined: how they would be passed in a call does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
#endif

#define VARIANT(name) base_##name
#include "Kernels.h"
#undef VARIANT

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VARIANT(name) avx2_##name
#include "Kernels.h"
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

int64_t simd_first_not_finite(const float *values, int64_t count) {
  return DISPATCH(first_not_finite, values, count);
}

int64_t simd_collect_below(
    const float *products, const float *norms, int64_t count, float threshold, uint32_t first_column,
    uint64_t *keys, int64_t key_count) {
  return DISPATCH(collect_below, products, norms, count, threshold, first_column, keys, key_count);
}

void simd_move_along_edges(
    const simd_layout *layout, int32_t epoch, float step, int64_t first, int64_t last, float *positions,
    const float *snapshot) {
  DISPATCH(move_along_edges, layout, epoch, step, first, last, positions, snapshot);
}

float simd_score_of_key(uint64_t key) {
  uint32_t bits = (uint32_t)(key >> 32);
  bits ^= (bits >> 31) ? 0x80000000u : 0xffffffffu;
  float score;
  memcpy(&score, &bits, sizeof score);
  return score;
}

// Hoare's selection with the median of three as pivot.
uint64_t simd_select_smallest(uint64_t *keys, int64_t count, int64_t wanted) {
  int64_t low = 0, high = count - 1, target = wanted - 1;
  while (low < high) {
    uint64_t a = keys[low], b = keys[low + (high - low) / 2], c = keys[high];
    uint64_t pivot = a < b ? (b < c ? b : (a < c ? c : a)) : (a < c ? a : (b < c ? c : b));
    int64_t i = low, j = high;
    while (i <= j) {
      while (keys[i] < pivot) i++;
      while (keys[j] > pivot) j--;
      if (i <= j) {
        uint64_t swapped = keys[i];
        keys[i++] = keys[j];
        keys[j--] = swapped;
      }
    }
    if (target <= j) {
      high = j;
    } else if (target >= i) {
      low = i;
    } else {
      break;
    }
  }
  return keys[target];
}
