// The step of the layout; part of Variant.h.

typedef float VARIANT(v2f) __attribute__((vector_size(8), aligned(4)));
typedef float VARIANT(v4f) __attribute__((vector_size(16), aligned(4)));


INLINE v8u VARIANT(hash)(v8u h) {
  h ^= h >> 16;
  h *= 0x7feb352du;
  h ^= h >> 15;
  h *= 0x846ca68bu;
  h ^= h >> 16;
  return h;
}

// The places of eight vertices, an axis in a register.
INLINE void VARIANT(load_places)(const int dims, const float *places, const int32_t *ids, v8f *x, v8f *y, v8f *z) {
  if (dims == 2) {
#define PAIR(l) (*(const VARIANT(v2f) *)(places + 2 * (int64_t)ids[l]))
    VARIANT(v4f) p01 = __builtin_shufflevector(PAIR(0), PAIR(1), 0, 1, 2, 3);
    VARIANT(v4f) p23 = __builtin_shufflevector(PAIR(2), PAIR(3), 0, 1, 2, 3);
    VARIANT(v4f) p45 = __builtin_shufflevector(PAIR(4), PAIR(5), 0, 1, 2, 3);
    VARIANT(v4f) p67 = __builtin_shufflevector(PAIR(6), PAIR(7), 0, 1, 2, 3);
#undef PAIR
    v8f low = __builtin_shufflevector(p01, p45, 0, 1, 2, 3, 4, 5, 6, 7);
    v8f high = __builtin_shufflevector(p23, p67, 0, 1, 2, 3, 4, 5, 6, 7);
    *x = __builtin_shufflevector(low, high, 0, 2, 8, 10, 4, 6, 12, 14);
    *y = __builtin_shufflevector(low, high, 1, 3, 9, 11, 5, 7, 13, 15);
  } else {
    for (int l = 0; l < 8; l++) {
      const float *place = places + 3 * (int64_t)ids[l];
      (*x)[l] = place[0];
      (*y)[l] = place[1];
      (*z)[l] = place[2];
    }
  }
}

// Adds moves one after the other, for a vertex may be among the eight twice.
INLINE void VARIANT(add_to_places)(
    const int dims, float *places, const int32_t *ids, int count, v8f x, v8f y, v8f z) {
  float moves[24];
  if (dims == 2) {
    *(v8f *)moves = __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
    *(v8f *)(moves + 8) = __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
    for (int l = 0; l < count; l++) {
      VARIANT(v2f) *place = (VARIANT(v2f) *)(places + 2 * (int64_t)ids[l]);
      *place += *(const VARIANT(v2f) *)(moves + 2 * l);
    }
  } else {
    *(v8f *)moves = x;
    *(v8f *)(moves + 8) = y;
    *(v8f *)(moves + 16) = z;
    for (int l = 0; l < count; l++) {
      float *place = places + 3 * (int64_t)ids[l];
      place[0] += moves[l];
      place[1] += moves[8 + l];
      place[2] += moves[16 + l];
    }
  }
}

// 2b-th powers of distances given their squares, relative error 1e-4: less than the descent's own noise by far.
INLINE v8f VARIANT(rough_power)(v8f squared, float b) {
  v8i bits = (v8i)squared;
  v8f exponent = __builtin_convertvector((bits >> 23) - 127, v8f);
  v8f u = (v8f)((bits & 0x007fffff) | 0x3f800000) - 1.0f;
  v8f p = u * -0.08478685f + 0.32562523f;
  p = p * u - 0.67995794f;
  p = p * u + 1.43901641f;
  v8f x = VARIANT(between)((p * u + exponent) * b, (v8f){} - 126.0f, (v8f){} + 126.0f);
  v8f rounded = (x + 12582912.0f) - 12582912.0f;
  v8f f = x - rounded;
  p = f * 0.05517101f + 0.24260953f;
  p = p * f + 0.69326095f;
  p = p * f + 0.99992817f;
  return p * (v8f)((__builtin_convertvector(rounded, v8i) + 127) << 23);
}

// What the preservation of densities adds to the factor of the attraction. Source: Narayan, Berger, Cho, "Assessing
// single-cell transcriptomic variability through density-preserving data visualization", 2021,
// doi:10.1038/s41587-020-00801-7.
INLINE v8f VARIANT(density_factor)(
    const simd_layout *g, const int64_t *edges, const int32_t *heads, const int32_t *tails, v8f squared, v8f power) {
  const simd_densities *d = g->densities;
  v8f weight, own_data, own_map, own_sum, other_data, other_map, other_sum;
  for (int l = 0; l < 8; l++) {
    weight[l] = d->heaviest / g->periods[edges[l]];
    own_data[l] = d->data_radii[heads[l]];
    own_map[l] = d->map_radii[heads[l]];
    own_sum[l] = d->map_weights[heads[l]];
    other_data[l] = d->data_radii[tails[l]];
    other_map[l] = d->map_radii[tails[l]];
    other_sum[l] = d->map_weights[tails[l]];
  }
  const float log2e = 1.44269504f;
  v8f phi = 1.0f / (1.0f + g->a * power);
  v8f slope = g->a * g->b * power / squared * phi;
  v8f spread = 1.0f - g->b * (1.0f - phi);
  v8f own = (phi / own_sum) * (spread * VARIANT(exp2)(-log2e * own_map) + slope);
  v8f other = (phi / other_sum) * (spread * VARIANT(exp2)(-log2e * other_map) + slope);
  v8f own_pull = own_data - d->covariance * (own_map - d->mean) / d->variance;
  v8f other_pull = other_data - d->covariance * (other_map - d->mean) / d->variance;
  return 2.0f * d->strength * (own_pull * own + other_pull * other) / (weight * __builtin_sqrtf(d->variance));
}

INLINE void VARIANT(move_in)(
    const int dims, const int has_densities, const int in_turn, const simd_layout *g, int32_t epoch, float step, int64_t first,
    int64_t last, float *heads, float *tails, const float *snapshot) {
  const uint64_t epoch_key = mix(g->seed + (uint64_t)epoch);
  const uint32_t key = (uint32_t)epoch_key, salt = (uint32_t)(epoch_key >> 32);
  const float drawn_scale = (float)g->vertex_count * 0x1p-24f;
  const v8i last_vertex = (v8i){} + (g->vertex_count - 1);
  const v8f limit = (v8f){} + 4.0f * step;
  const float a = g->a, b = g->b;
  const float attraction = -2.0f * a * b * step, repulsion = 2.0f * b * g->repulsion * step;
  // Due edges are collected without branches, which could not be predicted.
  enum { stretch = 512, together = 8 };
  int32_t due[stretch + 8];
  for (int64_t start = first; start < last; start += stretch) {
    const int32_t stretch_count = start + stretch < last ? stretch : (int32_t)(last - start);
    const int32_t *edge_heads = g->heads + start, *edge_tails = g->tails + start;
    const float *periods = g->periods + start;
    float *next_epochs = g->next_epochs + start;
    int32_t due_count = 0;
    for (int32_t e = 0; e < stretch_count; e++) {
      due[due_count] = e;
      due_count += next_epochs[e] <= (float)epoch;
    }
    for (int32_t d = 0; d < due_count; d += 8) {
      const int count = due_count - d < 8 ? due_count - d : 8;
      for (int l = count; l < 8; l++) due[d + l] = due[d];
      int32_t head_ids[8], tail_ids[8];
      for (int l = 0; l < 8; l++) {
        head_ids[l] = edge_heads[due[d + l]];
        tail_ids[l] = edge_tails[due[d + l]];
      }
      for (int l = 0; l < count; l++) next_epochs[due[d + l]] += periods[due[d + l]];
      const v8i own = *(const v8i *)head_ids;
      const v8u edges = *(const v8u *)(due + d) + (uint32_t)start;
      v8f x, y, z = {0}, ox, oy, oz = {0};
      VARIANT(load_places)(dims, heads, head_ids, &x, &y, &z);
      VARIANT(load_places)(dims, tails, tail_ids, &ox, &oy, &oz);

      v8f dx = x - ox, dy = y - oy, dz = z - oz;
      v8f squared = dx * dx + dy * dy;
      if (dims == 3) squared += dz * dz;
      // Ends in one place stay there: the factor is finite, and the difference 0.
      squared = __builtin_elementwise_max(squared, (v8f){} + 1e-30f);
      v8f power = VARIANT(rough_power)(squared, b);
      v8f factor = attraction * power / (squared * (a * power + 1.0f));
      if (has_densities) {
        int64_t ids[8];
        for (int l = 0; l < 8; l++) ids[l] = start + due[d + l];
        factor += step * VARIANT(density_factor)(g, ids, head_ids, tail_ids, squared, power);
      }
      v8f mx = VARIANT(between)(factor * dx, -limit, limit), my = VARIANT(between)(factor * dy, -limit, limit), mz = {0};
      if (dims == 3) mz = VARIANT(between)(factor * dz, -limit, limit);
      if (g->moves_tails) VARIANT(add_to_places)(dims, tails, tail_ids, count, -mx, -my, -mz);

      v8u drawn = VARIANT(hash)((edges ^ key) * 0x9e3779b1u + salt);
      for (int32_t n = 0; n < g->negatives; n += together) {
        const int some = g->negatives - n < together ? g->negatives - n : together;
        // All are looked up before anything is worked out from them, so that the processor waits for many at once.
        v8f xs[together], ys[together], zs[together];
        v8i others[together];
        for (int i = 0; i < some; i++) {
          // A linear congruential generator of which the upper bits are used.
          drawn = drawn * 747796405u + 2891336453u;
          v8i other = __builtin_convertvector(__builtin_convertvector((v8i)(drawn >> 8), v8f) * drawn_scale, v8i);
          others[i] = __builtin_elementwise_min(other, last_vertex);
          VARIANT(load_places)(dims, snapshot, (const int32_t *)&others[i], &xs[i], &ys[i], &zs[i]);
        }
        for (int i = 0; i < some; i++) {
          dx = (in_turn ? x + mx : x) - xs[i];
          dy = (in_turn ? y + my : y) - ys[i];
          squared = dx * dx + dy * dy;
          if (dims == 3) {
            dz = (in_turn ? z + mz : z) - zs[i];
            squared += dz * dz;
          }
          power = VARIANT(rough_power)(squared, b);
          factor = repulsion / ((squared + 0.001f) * (a * power + 1.0f));
          if (g->moves_tails) factor = (v8f)((v8i)factor & (others[i] != own));
          mx += VARIANT(between)(factor * dx, -limit, limit);
          my += VARIANT(between)(factor * dy, -limit, limit);
          if (dims == 3) mz += VARIANT(between)(factor * dz, -limit, limit);
        }
      }
      VARIANT(add_to_places)(dims, heads, head_ids, count, mx, my, mz);
    }
  }
}

static void VARIANT(move_along_edges)(
    const simd_layout *g, int32_t epoch, float step, int64_t first, int64_t last, float *heads, float *tails,
    const float *snapshot) {
  // A branch that is taken once and for all: what is chosen is a constant inside.
#define MOVE(dims, has_densities)                                                                             \
  if (heads == snapshot) {                                                                                    \
    VARIANT(move_in)(dims, has_densities, 1, g, epoch, step, first, last, heads, tails, snapshot);            \
  } else {                                                                                                    \
    VARIANT(move_in)(dims, has_densities, 0, g, epoch, step, first, last, heads, tails, snapshot);            \
  }
  if (g->dimensions == 3) {
    if (g->densities) {
      MOVE(3, 1)
    } else {
      MOVE(3, 0)
    }
  } else if (g->densities) {
    MOVE(2, 1)
  } else {
    MOVE(2, 0)
  }
#undef MOVE
}

#undef AT
