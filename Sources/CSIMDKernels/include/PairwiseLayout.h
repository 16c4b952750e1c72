#ifndef PAIRWISE_LAYOUT_H
#define PAIRWISE_LAYOUT_H

#include <stdint.h>

/// For each vertex the vertices that it is paired with; see Analysis/Embedding/PairGraph.
typedef struct {
  /// The partners of vertex i stand at `starts[i] ..< starts[i + 1]`: its neighbours, then the further ones, then those
  /// of middle distance, then the vertex itself until the number is a multiple of 8.
  const int64_t *starts;
  const int32_t *partners;
  /// By vertex: how many of its partners are neighbours, and how many are neighbours or further ones.
  const int32_t *neighbour_ends;
  const int32_t *further_ends;
  /// 2 or 3.
  int32_t dimensions;
} simd_pairs;

/// How much each kind of pair counts in the loss.
typedef struct {
  float neighbours;
  float mid_near;
  float further;
} simd_pair_weights;

/// Writes to `gradients`, `last - first` × `dimensions`, the derivatives of the loss by the places of the vertices
/// `first ..< last`. `positions` holds all vertices × `dimensions`.
void simd_pair_gradients(
    const simd_pairs *pairs, simd_pair_weights weights, int64_t first, int64_t last, const float *positions,
    float *gradients);

/// The state of Adam for `count` numbers, and its constants.
typedef struct {
  float *means;
  float *squares;
  /// The weights with which a new gradient enters the means and the squares: 1 - β.
  float mean_share;
  float square_share;
  /// The step with the corrections for the moments' start at zero.
  float step;
} simd_adam;

/// Makes one step of Adam: `moved[i]` is `values[i]` after it. All arrays have room for a multiple of 8 numbers.
void simd_adam_step(
    const simd_adam *adam, const float *gradients, const float *values, int64_t count, float *moved);

#endif
