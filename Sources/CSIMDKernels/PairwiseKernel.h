// The gradient of the layout by pairs, and the step along it; part of Variant.h.

// With D = 1 + squared distance the losses of a pair are D / (10 + D) for neighbours, D / (10000 + D) for a mid-near
// pair and 1 / (1 + D) for a further one; their derivatives by the difference of the places are the difference times
// 20 / (10 + D)², 20000 / (10000 + D)² and -2 / (1 + D)².
INLINE void VARIANT(gradients_in)(
    const int dims, const simd_pairs *pairs, simd_pair_weights weights, int64_t first, int64_t last,
    const float *positions, float *gradients) {
  const v8i lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  const v8f near_offset = (v8f){} + 11.0f, mid_offset = (v8f){} + 10001.0f, far_offset = (v8f){} + 2.0f;
  const v8f near_pull = (v8f){} + 20.0f * weights.neighbours, mid_pull = (v8f){} + 20000.0f * weights.mid_near;
  const v8f far_pull = (v8f){} - 2.0f * weights.further;
  for (int64_t i = first; i < last; i++) {
    const int32_t *partners = pairs->partners + pairs->starts[i];
    const int32_t near_end = pairs->neighbour_ends[i], far_end = pairs->further_ends[i];
    const int32_t end = weights.mid_near == 0 ? far_end : (int32_t)(pairs->starts[i + 1] - pairs->starts[i]);
    const v8f x = (v8f){} + positions[i * dims], y = (v8f){} + positions[i * dims + 1];
    const v8f z = (v8f){} + (dims == 3 ? positions[i * dims + 2] : 0);
    v8f gx = {0}, gy = {0}, gz = {0};
    // Beyond the end stand mid-near partners without weight, or the vertex itself: both add nothing.
    for (int32_t e = 0; e < end; e += 8) {
      v8f ox, oy, oz = {0};
      VARIANT(load_places)(dims, positions, partners + e, &ox, &oy, &oz);
      v8f dx = x - ox, dy = y - oy, dz = z - oz;
      v8f squared = dx * dx + dy * dy;
      if (dims == 3) squared += dz * dz;
      v8i is_near = lanes + e < near_end, is_far_or_near = lanes + e < far_end;
      v8f pull = VARIANT(pick)(is_near, near_pull, VARIANT(pick)(is_far_or_near, far_pull, mid_pull));
      v8f offset = VARIANT(pick)(is_near, near_offset, VARIANT(pick)(is_far_or_near, far_offset, mid_offset));
      v8f reach = offset + squared;
      v8f factor = pull / (reach * reach);
      gx += factor * dx;
      gy += factor * dy;
      if (dims == 3) gz += factor * dz;
    }
    float *gradient = gradients + (i - first) * dims;
    gradient[0] = VARIANT(sum)(gx);
    gradient[1] = VARIANT(sum)(gy);
    if (dims == 3) gradient[2] = VARIANT(sum)(gz);
  }
}

static void VARIANT(pair_gradients)(
    const simd_pairs *pairs, simd_pair_weights weights, int64_t first, int64_t last, const float *positions,
    float *gradients) {
  if (pairs->dimensions == 3) {
    VARIANT(gradients_in)(3, pairs, weights, first, last, positions, gradients);
  } else {
    VARIANT(gradients_in)(2, pairs, weights, first, last, positions, gradients);
  }
}

static void VARIANT(adam_step)(
    const simd_adam *adam, const float *gradients, const float *values, int64_t count, float *moved) {
  for (int64_t i = 0; i < count; i += 8) {
    v8f gradient = *(const v8f *)(gradients + i);
    v8f *mean = (v8f *)(adam->means + i), *square = (v8f *)(adam->squares + i);
    *mean += adam->mean_share * (gradient - *mean);
    *square += adam->square_share * (gradient * gradient - *square);
    *(v8f *)(moved + i) = *(const v8f *)(values + i) - adam->step * *mean / (__builtin_elementwise_sqrt(*square) + 1e-7f);
  }
}
