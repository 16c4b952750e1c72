#ifndef CSIMDKERNELS_H
#define CSIMDKERNELS_H

#include <stdint.h>

/// The sum of squared differences of two vectors of `count` numbers.
float simd_squared_distance(const float *a, const float *b, int64_t count);

/// The position of the first NaN or infinity among `count` numbers, or -1.
int64_t simd_first_not_finite(const float *values, int64_t count);

/// Appends to `keys` the columns whose score `norms[j] - 2 * products[j]` lies below `threshold`, for `count` columns
/// of which the first is number `first_column`. Returns the new number of keys.
///
/// A key is the score in its upper half, in a form that orders as the score does, and the column in its lower half,
/// so that keys order by score and then by column. There must be room for `count` more keys.
int64_t simd_collect_below(
    const float *products, const float *norms, int64_t count, float threshold, uint32_t first_column,
    uint64_t *keys, int64_t key_count);

/// Moves the `wanted` smallest of `count` distinct keys to the front, in no particular order; returns the largest
/// of them.
uint64_t simd_select_smallest(uint64_t *keys, int64_t count, int64_t wanted);

/// The score that a key was made from.
float simd_score_of_key(uint64_t key);

/// The edges of a weighted graph in the order of their use, and the constants of the layout; see
/// Analysis/Embedding/LayoutOptimizer.
typedef struct {
  /// The two ends of each edge.
  const int32_t *heads;
  const int32_t *tails;
  /// Epochs between two uses of each edge.
  const float *periods;
  /// The epoch at which each edge is used next; advanced by `simd_move_along_edges`, for its edges only.
  float *next_epochs;
  int32_t vertex_count;
  /// 2 or 3.
  int32_t dimensions;
  float a;
  float b;
  /// Repelling vertices drawn for each attraction.
  int32_t negatives;
  uint64_t seed;
} simd_layout;

/// Uses the edges `first ..< last` that are due, one after the other: both ends move towards each other, and the head
/// away from vertices drawn at random, which are seen where `snapshot` has them. `positions`, in which the ends move,
/// and `snapshot` are `vertex_count` × `dimensions`.
void simd_move_along_edges(
    const simd_layout *layout, int32_t epoch, float step, int64_t first, int64_t last, float *positions,
    const float *snapshot);

#endif
