// Lists of nearest rows; part of Variant.h.

static int64_t VARIANT(collect_below)(
    const float *products, const float *norms, int64_t count, float threshold, uint32_t first_column,
    uint64_t *keys, int64_t key_count) {
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    v8i below = {0};
    for (int part = 0; part < 32; part += 8) {
      v8f score = AT(norms, i + part) - 2.0f * AT(products, i + part);
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

static void VARIANT(count_below)(
    const float *products, const float *norms, int64_t count, const float *thresholds, int64_t threshold_count,
    int64_t *counts) {
  for (int64_t t = 0; t < threshold_count; t++) {
    const float threshold = thresholds[t];
    v8i below = {0};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) below -= (AT(norms, i) - 2.0f * AT(products, i)) < threshold;
    int64_t total = __builtin_reduce_add(below);
    for (; i < count; i++) total += norms[i] - 2.0f * products[i] < threshold;
    counts[t] += total;
  }
}

static void VARIANT(project_keys)(const simd_space *space, const float *direction, uint64_t *keys, int64_t count) {
  const int64_t width = space->width;
  for (int64_t k = 0; k < count; k++) {
    if (k + 8 < count) __builtin_prefetch(space->rows + (int64_t)simd_row_of_key(keys[k + 8]) * width);
    const uint32_t row = simd_row_of_key(keys[k]);
    const float *values = space->rows + (int64_t)row * width;
    v8f s0 = {0}, s1 = {0};
    int64_t i = 0;
    for (; i + 16 <= width; i += 16) {
      s0 += AT(values, i) * AT(direction, i);
      s1 += AT(values, i + 8) * AT(direction, i + 8);
    }
    for (; i < width; i += 8) s0 += AT(values, i) * AT(direction, i);
    keys[k] = key_of(VARIANT(sum)(s0 + s1), row);
  }
}

// Merges sorted entries that are new into a sorted list, dropping those that are in it.
static int64_t VARIANT(merge)(
    uint64_t *list, int64_t held, int64_t capacity, uint64_t *fresh, int64_t fresh_count, int64_t *taken) {
  enum { most = SIMD_LONGEST_LIST };
  uint64_t before[most];
  memcpy(before, list, (size_t)held * sizeof *list);
  int64_t i = 0, j = 0, k = 0;
  while (k < capacity && (i < held || j < fresh_count)) {
    const uint64_t own = i < held ? before[i] & ~(uint64_t)NEW_MARK : UINT64_MAX;
    const uint64_t other = j < fresh_count ? fresh[j] : UINT64_MAX;
    if (own <= other) {
      list[k++] = before[i++];
      if (own == other) j++;
    } else {
      // A candidate may have been given twice.
      if (k == 0 || (list[k - 1] & ~(uint64_t)NEW_MARK) != other) {
        list[k++] = other | NEW_MARK;
        if (taken) ++*taken;
      }
      j++;
    }
  }
  return k;
}

static int64_t VARIANT(improve_list)(
    uint64_t *list, int64_t held, int64_t capacity, const simd_space *space, uint32_t row, const uint32_t *candidates,
    int64_t count, int64_t *taken) {
  // `first_numbers` of float32 tell most candidates that are too far from the others.
  enum { room = 64, ahead = 8, line = 16, first_numbers = 64 };
  uint32_t near[room];
  float scores[room];
  uint64_t fresh[room];
  const int64_t width = space->width;
  const int64_t first_part = width < first_numbers ? width : first_numbers;
  const float *own = space->rows + (int64_t)row * width;
  const float bias = space->biases[row];
  for (int64_t start = 0; start < count; start += room) {
    const float limit = held < capacity ? __builtin_inff() : simd_score_of_key(list[capacity - 1]);
    const int64_t end = start + room < count ? start + room : count;
    // On the first numbers alone most are too far. Which, cannot be foreseen: there are no branches.
    int64_t near_count = 0;
    for (int64_t c = start; c < end; c++) {
      const uint32_t next = candidates[c + ahead < count ? c + ahead : count - 1];
      for (int64_t i = 0; i < first_part; i += line) __builtin_prefetch(space->rows + (int64_t)next * width + i);
      const uint32_t other = candidates[c];
      const float score =
          VARIANT(squared_distance)(own, space->rows + (int64_t)other * width, first_part) + bias + space->biases[other];
      near[near_count] = other;
      scores[near_count] = score;
      near_count += (score <= limit) & (other != row);
    }
    int64_t fresh_count = 0;
    for (int64_t c = 0; c < near_count; c++) {
      if (c + 2 < near_count) {
        const float *next = space->rows + (int64_t)near[c + 2] * width;
        for (int64_t i = first_part; i < width && i < first_part + 64; i += line) __builtin_prefetch(next + i);
      }
      const float score = scores[c] + VARIANT(distance_within)(
          own + first_part, space->rows + (int64_t)near[c] * width + first_part, width - first_part, limit - scores[c]);
      fresh[fresh_count] = key_of(score, near[c]);
      fresh_count += score <= limit;
    }
    if (fresh_count > 0) {
      simd_sort_keys(fresh, fresh_count);
      held = VARIANT(merge)(list, held, capacity, fresh, fresh_count, taken);
    }
  }
  return held;
}

static int64_t VARIANT(expand_lists)(
    const simd_neighbourhood *known, const simd_space *space, int64_t first, int64_t last, uint8_t *seen,
    uint64_t *result) {
  // A source gives at most itself and one list.
  enum { room = 2 * SIMD_LONGEST_LIST, full = SIMD_LONGEST_LIST, ahead = 3 };
  uint32_t candidates[room];
  int64_t taken = 0;
  const int64_t capacity = known->capacity;
  // What `seen` holds of the rows that this one was compared with, or is about to be.
  uint8_t own_mark = UINT8_MAX;
  for (int64_t row = first; row < last; row++) {
    if (own_mark == UINT8_MAX) {
      memset(seen, 0, (size_t)known->row_count);
      own_mark = 0;
    }
    own_mark++;
    const uint64_t *own = known->lists + row * capacity;
    uint64_t *list = result + row * capacity;
    int64_t count = 0;
    seen[row] = own_mark;
    for (int64_t e = 0; e < capacity; e++) {
      list[e] = own[e] & ~(uint64_t)NEW_MARK;
      seen[simd_row_of_key(own[e])] = own_mark;
    }
    const int64_t incoming_count = known->incoming_counts[row];
    const uint32_t *incoming = known->incoming + row * known->incoming_capacity;
    const int64_t source_count = known->sources + incoming_count;
#define SOURCE(s) ((s) < known->sources ? (uint32_t)own[s] : incoming[(s)-known->sources])
    for (int64_t s = 0; s < source_count; s++) {
      if (s + ahead < source_count) {
        const uint32_t next = SOURCE(s + ahead) & ~NEW_MARK;
        const uint64_t *theirs = known->lists + (int64_t)next * capacity;
        for (int64_t e = 0; e < known->reach; e += 8) __builtin_prefetch(theirs + e);
      }
      const uint32_t entry = SOURCE(s);
      const uint32_t source = entry & ~NEW_MARK;
      const uint32_t source_mark = entry & NEW_MARK;
      const uint64_t *theirs = known->lists + (int64_t)source * capacity;
      if (source_mark && seen[source] != own_mark) {
        seen[source] = own_mark;
        candidates[count++] = source;
      }
      if (!source_mark && !known->have_new[source]) continue;
      // Written without branches, for none could be foreseen.
      for (int64_t e = 0; e < known->reach; e++) {
        const uint32_t other = simd_row_of_key(theirs[e]);
        const int is_new = (((uint32_t)theirs[e] | source_mark) & NEW_MARK) != 0;
        const uint8_t mark = seen[other];
        candidates[count] = other;
        count += is_new & (mark != own_mark);
        seen[other] = is_new ? own_mark : mark;
      }
      if (count >= full) {
        VARIANT(improve_list)(list, capacity, capacity, space, (uint32_t)row, candidates, count, &taken);
        count = 0;
      }
    }
#undef SOURCE
    VARIANT(improve_list)(list, capacity, capacity, space, (uint32_t)row, candidates, count, &taken);
  }
  return taken;
}

// Something above `limit` as soon as the distance is known to be above.
// Row `next` is fetched on the way.
INLINE float VARIANT(scattered_distance)(
    const simd_scattered_rows *rows, uint32_t a, uint32_t b, float limit, uint32_t next) {
  // Each product is rounded, so that equal rows are at 0, and two rows are as far from each other both ways.
#pragma clang fp contract(off)
  const float *x = rows->rows[a], *y = rows->rows[b], *fetched = rows->rows[next];
  const float sx = rows->scales[a], sy = rows->scales[b];
  const float offset = rows->offsets[a] - rows->offsets[b];
  const int64_t width = rows->width;
  v8f s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  int64_t i = 0;
  while (i + 32 <= width) {
    int64_t end = i + 128;
    for (; i + 32 <= width && i < end; i += 32) {
      __builtin_prefetch(fetched + i);
      __builtin_prefetch(fetched + i + 16);
      v8f d0 = AT(x, i) * sx - AT(y, i) * sy - offset;
      v8f d1 = AT(x, i + 8) * sx - AT(y, i + 8) * sy - offset;
      v8f d2 = AT(x, i + 16) * sx - AT(y, i + 16) * sy - offset;
      v8f d3 = AT(x, i + 24) * sx - AT(y, i + 24) * sy - offset;
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    const float partial = VARIANT(sum)((s0 + s1) + (s2 + s3));
    if (partial > limit) return partial;
  }
  float total = VARIANT(sum)((s0 + s1) + (s2 + s3));
  for (; i < width; i++) {
    float d = x[i] * sx - y[i] * sy - offset;
    total += d * d;
  }
  return total;
}

static float VARIANT(whole_scattered_distance)(const simd_scattered_rows *rows, uint32_t a, uint32_t b) {
  return VARIANT(scattered_distance)(rows, a, b, __builtin_inff(), b);
}

// Puts a key into a sorted list of which `held` of `wanted` places are taken; returns how many then are.
INLINE int64_t VARIANT(insert)(uint64_t *nearest, int64_t held, int64_t wanted, uint64_t key) {
  if (held == wanted && key >= nearest[held - 1]) return held;
  int64_t place = held < wanted ? held++ : held - 1;
  for (; place > 0 && nearest[place - 1] > key; place--) nearest[place] = nearest[place - 1];
  nearest[place] = key;
  return held;
}

static void VARIANT(nearest_scattered)(
    const simd_scattered_rows *rows, uint32_t row, const uint32_t *candidates, int64_t count, uint64_t *nearest,
    int64_t wanted) {
  int64_t held = 0;
  float limit = __builtin_inff();
  for (int64_t c = 0; c < count; c++) {
    const uint32_t next = candidates[c + 1 < count ? c + 1 : c];
    const float distance = VARIANT(scattered_distance)(rows, row, candidates[c], limit, next);
    if (distance > limit) continue;
    held = VARIANT(insert)(nearest, held, wanted, key_of(distance, candidates[c]));
    if (held == wanted) limit = simd_score_of_key(nearest[held - 1]);
  }
}

static int64_t VARIANT(nearest_in_range)(
    const simd_space *space, const float *own, float bias, int64_t first, int64_t last, uint64_t *list, int64_t held,
    int64_t capacity) {
  // As in improve_list; rows that follow each other need not be fetched ahead.
  enum { room = 64, first_numbers = 64 };
  uint32_t near[room];
  float scores[room];
  uint64_t fresh[room];
  const int64_t width = space->width;
  const int64_t first_part = width < first_numbers ? width : first_numbers;
  for (int64_t start = first; start < last; start += room) {
    const float limit = held < capacity ? __builtin_inff() : simd_score_of_key(list[capacity - 1]);
    const int64_t end = start + room < last ? start + room : last;
    int64_t near_count = 0;
    for (int64_t row = start; row < end; row++) {
      const float score =
          VARIANT(squared_distance)(own, space->rows + row * width, first_part) + bias + space->biases[row];
      near[near_count] = (uint32_t)row;
      scores[near_count] = score;
      near_count += score <= limit;
    }
    int64_t fresh_count = 0;
    for (int64_t c = 0; c < near_count; c++) {
      const float score = scores[c] + VARIANT(distance_within)(
          own + first_part, space->rows + (int64_t)near[c] * width + first_part, width - first_part, limit - scores[c]);
      fresh[fresh_count] = key_of(score, near[c]);
      fresh_count += score <= limit;
    }
    if (fresh_count > 0) {
      simd_sort_keys(fresh, fresh_count);
      held = VARIANT(merge)(list, held, capacity, fresh, fresh_count, NULL);
    }
  }
  return held;
}

static void VARIANT(smooth_weights)(const float *distances, int64_t count, float mean_of_all, float *weights) {
  if (count == 0) return;
  double total = 0;
  for (int64_t i = 0; i < count; i++) total += distances[i];
  const float mean = (float)(total / (double)count);
  float nearest = 0;
  for (int64_t i = 0; i < count && nearest == 0; i++) nearest = distances[i];
  const float log2e = 1.44269504f;
  // In units of the mean distance the search starts near its goal whatever the scale of the data.
  const float unit = mean > 0 ? mean : 1;
  const float target = __builtin_log2f((float)count + 1);
  // Newton's method on 1 / sigma: the sum of weights is a convex falling function of it, which Newton's steps from 0
  // approach from one side.
  float rate = 0;
  for (int step = 0; step < 64; step++) {
    v8f sums = {0}, slopes = {0};
    for (int64_t i = 0; i < count; i += 8) {
      v8f x;
      for (int l = 0; l < 8; l++) x[l] = i + l < count ? distances[i + l] : __builtin_inff();
      x = (x - nearest) / unit;
      x = VARIANT(pick)(x > 0.0f, x, (v8f){});
      v8f power = VARIANT(exp2)(x * (-log2e * rate));
      v8i counts = x < __builtin_inff();
      power = VARIANT(pick)(counts, power, (v8f){});
      sums += power;
      slopes += VARIANT(pick)(counts, power * VARIANT(pick)(counts, x, (v8f){}), (v8f){});
    }
    const float excess = VARIANT(sum)(sums) - target, slope = VARIANT(sum)(slopes);
    if (excess < 1e-5f || !(slope > 0)) break;
    rate += excess / slope;
    if (rate > 1e4f) break;
  }
  // Too small a sigma would cut a row off from all but its nearest neighbours.
  const float least = 1e-3f * (nearest > 0 ? mean : mean_of_all);
  float sigma = rate > 0 ? unit / rate : unit;
  if (sigma < least) sigma = least;
  for (int64_t i = 0; i < count; i += 8) {
    v8f x;
    for (int l = 0; l < 8; l++) x[l] = i + l < count ? distances[i + l] : 0;
    x -= nearest;
    v8f power = VARIANT(exp2)(x * (-log2e / sigma));
    for (int l = 0; l < 8 && i + l < count; l++) weights[i + l] = x[l] <= 0 || sigma == 0 ? 1 : power[l];
  }
  // With so many at the nearest distance that no sigma reaches the sum, they share it: copies would otherwise be held and
  // pushed many times as often as any other row, and the layout would throw about what lies beside them.
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += weights[i];
  if (sum <= 1.01 * target) return;
  for (int64_t i = 0; i < count; i++) weights[i] *= (float)(target / sum);
}
