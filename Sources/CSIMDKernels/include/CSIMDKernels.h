#ifndef CSIMDKERNELS_H
#define CSIMDKERNELS_H

#include <stdint.h>

#include "PairwiseLayout.h"
#include "PixelOperations.h"

// MARK: Rows

/// The sum of squared differences of two vectors of `count` numbers.
float simd_squared_distance(const float *a, const float *b, int64_t count);

/// The largest magnitude among `count` numbers; infinity or NaN if one of them is no finite number.
float simd_largest_magnitude(const float *values, int64_t count);

/// The sum of `values[i] * scale`.
float simd_scaled_sum(const float *values, float scale, int64_t count);

/// The sum of squares of `values[i] * scale - offset`.
float simd_scaled_squares(const float *values, float scale, float offset, int64_t count);

/// `result[i] = values[i] * scale - offset - mean[i]`.
void simd_transform(
    const float *values, float scale, float offset, const float *mean, int64_t count, float *result);

/// A hash of the numbers `values[i] * scale - offset`: the same for equal numbers.
uint64_t simd_row_hash(const float *values, float scale, float offset, int64_t count);

// MARK: Neighbours
//
// A key is a score in its upper half, in a form that orders as the score does, and a row in the lower 31 bits of its
// lower half, so that keys order by score and then by row. The bit between them marks an entry of a list as new.

/// The score that a key was made from.
float simd_score_of_key(uint64_t key);

/// The row that a key was made from.
static inline uint32_t simd_row_of_key(uint64_t key) { return (uint32_t)key & 0x7fffffffu; }

/// Appends to `keys` the columns whose score `norms[j] - 2 * products[j]` lies below `threshold`, for `count` columns
/// of which the first is number `first_column`. Returns the new number of keys. There must be room for `count` more.
int64_t simd_collect_below(
    const float *products, const float *norms, int64_t count, float threshold, uint32_t first_column,
    uint64_t *keys, int64_t key_count);

/// Adds to `counts[t]` how many of `count` scores `norms[j] - 2 * products[j]` lie below `thresholds[t]`.
void simd_count_below(
    const float *products, const float *norms, int64_t count, const float *thresholds, int64_t threshold_count,
    int64_t *counts);

/// Moves the `wanted` smallest of `count` distinct keys to the front, in no particular order; returns the largest
/// of them.
uint64_t simd_select_smallest(uint64_t *keys, int64_t count, int64_t wanted);

/// Sorts keys, ascending.
void simd_sort_keys(uint64_t *keys, int64_t count);

/// Rows in which neighbours are looked for. The score of two rows is their squared distance plus both their biases.
typedef struct {
  /// `width` numbers a row; `width` is a multiple of 8.
  const float *rows;
  int64_t width;
  /// By row: what the squared distance of a row to others lacks on average.
  const float *biases;
} simd_space;

/// Replaces each key by one of the same row whose score is the product of that row and `direction`.
void simd_project_keys(const simd_space *space, const float *direction, uint64_t *keys, int64_t count);

/// The most that a list of nearest rows may hold.
enum { SIMD_LONGEST_LIST = 4096 };

/// Takes into the list of a row's nearest rows those of `count` candidates that are nearer than its last.
///
/// `list` holds `held` keys, ascending, and has room for `capacity`. Returns how many it holds then. Entries that come
/// in are marked as new; the marks of the others stay.
int64_t simd_improve_list(
    uint64_t *list, int64_t held, int64_t capacity, const simd_space *space, uint32_t row, const uint32_t *candidates,
    int64_t count);

/// Lists of nearest rows and who has whom in his: what neighbours of neighbours are looked up in.
typedef struct {
  int64_t row_count;
  /// `capacity` keys a row, ascending.
  const uint64_t *lists;
  int64_t capacity;
  /// `incoming_capacity` rows a row, of which the first `incoming_counts[row]` have the row in their lists; marked in
  /// the uppermost bit if the entry is new there.
  const uint32_t *incoming;
  const uint32_t *incoming_counts;
  int64_t incoming_capacity;
  /// How many of a row's nearest are asked for theirs, and how many of theirs are looked at.
  int64_t sources;
  int64_t reach;
  /// By row: whether there is a new entry among the first `reach` of its list.
  const uint8_t *have_new;
} simd_neighbourhood;

/// For the rows `first ..< last`: improves the lists in `result` by the neighbours of neighbours that were not looked
/// at before. `result` is laid out as the lists are; `seen` is room for a byte a row, of any content. Returns how many
/// entries came in. Best for 255 rows at a time.
int64_t simd_expand_lists(
    const simd_neighbourhood *known, const simd_space *space, int64_t first, int64_t last, uint8_t *seen,
    uint64_t *result);

/// Rows wherever they lie, each to be scaled and moved: `rows[i][c] * scales[i] - offsets[i]`.
typedef struct {
  const float *const *rows;
  const float *scales;
  const float *offsets;
  int64_t width;
} simd_scattered_rows;

/// The squared distance of two such rows.
float simd_scattered_distance(const simd_scattered_rows *rows, uint32_t a, uint32_t b);

/// Of `count` distinct candidates the `wanted` nearest to a row, ascending; `count >= wanted`. The key's score is the
/// squared distance.
void simd_nearest_scattered(
    const simd_scattered_rows *rows, uint32_t row, const uint32_t *candidates, int64_t count, uint64_t *nearest,
    int64_t wanted);

/// Takes into a list of nearest rows those of the rows `first ..< last` of a space that are nearer to a row of its own
/// than the last of the list.
///
/// `own` are the numbers of that row, `width` of them, and `bias` is its bias. `list` is as for `simd_improve_list`; a
/// row that comes in must not be in it.
int64_t simd_nearest_in_range(
    const simd_space *space, const float *own, float bias, int64_t first, int64_t last, uint64_t *list, int64_t held,
    int64_t capacity);

/// The weights exp(-(d - rho) / sigma) of a row's `count` neighbours, given their distances ascending, made smaller where
/// their sum is too large for any sigma; see Analysis/Embedding/FuzzyGraph. `mean_of_all` is the mean distance in the whole graph.
void simd_smooth_weights(const float *distances, int64_t count, float mean_of_all, float *weights);

// MARK: Layout

/// What the preservation of densities needs to know; see Analysis/Embedding/DensityPreservation.
typedef struct {
  /// The weight of an edge that is used in every epoch; the others' follow from their periods.
  float heaviest;
  /// By vertex: the standardised logarithm of the radius in the data.
  const float *data_radii;
  /// By vertex: the logarithm of the radius on the map, and the sum of the map's weights.
  const float *map_radii;
  const float *map_weights;
  float covariance;
  float mean;
  /// Variance of `map_radii`, raised by the shift.
  float variance;
  /// The strength of the term: lambda times the sum of weights over the number of vertices.
  float strength;
} simd_densities;

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
  /// How many vertices there are to be repelled by.
  int32_t vertex_count;
  /// 2 or 3.
  int32_t dimensions;
  float a;
  float b;
  /// Repelling vertices drawn for each attraction.
  int32_t negatives;
  /// The strength of repulsion, 1 as a rule.
  float repulsion;
  uint64_t seed;
  /// Zero if tails stand still: heads are then vertices of their own.
  int32_t moves_tails;
  /// NULL if densities are not preserved.
  const simd_densities *densities;
} simd_layout;

/// Uses the edges `first ..< last` that are due: both ends move towards each other, and the head away from vertices
/// drawn at random, which are seen where `snapshot` has them. Eight edges are used at once: each sees its ends where
/// they stood before the eight. Where `snapshot` is `heads`, each repelling vertex sees the head as those before it have
/// moved it; elsewhere all of them see where it stood. Rows of positions have `dimensions` numbers.
void simd_move_along_edges(
    const simd_layout *layout, int32_t epoch, float step, int64_t first, int64_t last, float *heads, float *tails,
    const float *snapshot);

#endif
