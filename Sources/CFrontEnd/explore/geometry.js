// Rings are flat: [x0, y0, x1, y1, …], closed by themselves; what is inside is told by the even-odd rule.

/** The box around places (x, y), or around a ring. */
function boundsOf(x, y = null) {
  const stride = y ? 1 : 2, box = { left: Infinity, low: Infinity, right: -Infinity, high: -Infinity };
  for (let i = 0; i < x.length; i += stride) {
    const across = x[i], up = y ? y[i] : x[i + 1];
    if (across < box.left) box.left = across;
    if (across > box.right) box.right = across;
    if (up < box.low) box.low = up;
    if (up > box.high) box.high = up;
  }
  return box;
}

/** A test of whether (x, y) is inside of a ring. Edges are kept by bands of y, so that a place meets few of them. */
function insideOf(ring) {
  const count = ring.length / 2, { left, right, low, high } = boundsOf(ring);
  const bands = Array.from({ length: clamp(count, 1, 512) }, () => []);
  const bandOf = y => clamp(Math.floor((y - low) / (high - low) * bands.length) || 0, 0, bands.length - 1);
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const edge = [ring[2 * i], ring[2 * i + 1], ring[2 * j], ring[2 * j + 1]];
    const last = bandOf(Math.max(edge[1], edge[3]));
    for (let band = bandOf(Math.min(edge[1], edge[3])); band <= last; band++) bands[band].push(...edge);
  }
  return (x, y) => {
    if (!(x >= left && x <= right && y >= low && y <= high)) return false;
    const edges = bands[bandOf(y)];
    let isInside = false;
    for (let e = 0; e < edges.length; e += 4) {
      const y0 = edges[e + 1], y1 = edges[e + 3];
      if ((y0 > y) !== (y1 > y) && x < (edges[e + 2] - edges[e]) * (y - y0) / (y1 - y0) + edges[e]) {
        isInside = !isInside;
      }
    }
    return isInside;
  };
}

/** A ring with the corners that matter by more than `tolerance` (Douglas and Peucker, 1973). */
function thinned(ring, tolerance) {
  const count = ring.length / 2, kept = new Uint8Array(count + 1);
  const far = (from, to, at) => {
    const x = ring[2 * from], y = ring[2 * from + 1], dx = ring[2 * (to % count)] - x, dy = ring[2 * (to % count) + 1] - y;
    const length = dx * dx + dy * dy, px = ring[2 * at] - x, py = ring[2 * at + 1] - y;
    const along = length > 0 ? clamp((px * dx + py * dy) / length, 0, 1) : 0;
    return Math.hypot(px - along * dx, py - along * dy);
  };
  const spans = [[0, count]];
  kept[0] = 1;
  while (spans.length) {
    const [from, to] = spans.pop();
    let farthest = -1, distance = tolerance;
    for (let at = from + 1; at < to; at++) {
      const here = far(from, to, at);
      if (here > distance) [farthest, distance] = [at, here];
    }
    if (farthest >= 0) {
      kept[farthest] = 1;
      spans.push([from, farthest], [farthest, to]);
    }
  }
  return ring.filter((_, place) => kept[place >> 1]);
}

/** A ring of at most 500 corners; as many as a message may have, and more than a hand draws. */
function simplified(ring, tolerance) {
  for (let allowed = tolerance; ; allowed *= 1.5) {
    const kept = thinned(ring, allowed);
    if (kept.length <= 1000) return kept;
  }
}

/**
 * The outline of a stroke with a round brush, as one ring: the level `radius` of the distance from the stroke, traced on
 * a grid (marching squares). Holes are reached over a bridge that is walked both ways, which even-odd does not see.
 */
function brushOutline(stroke, radius) {
  const bounds = boundsOf(stroke), step = Math.max(radius / 3, (bounds.right - bounds.left) / 400, (bounds.high - bounds.low) / 400);
  const left = bounds.left - radius - step, low = bounds.low - radius - step;
  const columns = Math.ceil((bounds.right + radius + step - left) / step) + 1;
  const rows = Math.ceil((bounds.high + radius + step - low) / step) + 1;
  const away = new Float64Array(columns * rows).fill(Infinity);
  for (let i = 0; i < stroke.length; i += 2) {
    const x0 = stroke[Math.max(i - 2, 0)], y0 = stroke[Math.max(i - 1, 1)], dx = stroke[i] - x0, dy = stroke[i + 1] - y0;
    const near = boundsOf([x0, y0, stroke[i], stroke[i + 1]]), length = dx * dx + dy * dy, reach = radius + 2 * step;
    const lastRow = Math.min(rows - 1, Math.ceil((near.high + reach - low) / step));
    const lastColumn = Math.min(columns - 1, Math.ceil((near.right + reach - left) / step));
    for (let row = Math.max(0, Math.floor((near.low - reach - low) / step)); row <= lastRow; row++) {
      for (let column = Math.max(0, Math.floor((near.left - reach - left) / step)); column <= lastColumn; column++) {
        const px = left + column * step - x0, py = low + row * step - y0;
        const along = length > 0 ? clamp((px * dx + py * dy) / length, 0, 1) : 0;
        const at = row * columns + column;
        away[at] = Math.min(away[at], Math.hypot(px - along * dx, py - along * dy));
      }
    }
  }
  // Edges of the grid are numbered: 2 × node for the one to the right, 2 × node + 1 for the one upwards.
  const next = new Map(), isIn = node => away[node] < radius;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const node = row * columns + column;
      const corners = [node, node + 1, node + columns + 1, node + columns].map(isIn);
      const edges = [2 * node, 2 * (node + 1) + 1, 2 * (node + columns), 2 * node + 1];
      // Around the cell, an edge where one leaves the stroke is joined to the next one before it where one enters.
      for (let side = 0; side < 4; side++) {
        if (!corners[side] || corners[(side + 1) % 4]) continue;
        for (let back = 0; back < 4; back++) {
          const other = (side + 3 - back) % 4;
          if (!corners[other] && corners[(other + 1) % 4]) {
            next.set(edges[side], edges[other]);
            break;
          }
        }
      }
    }
  }
  const placeOf = edge => {
    const node = edge >> 1, other = edge & 1 ? node + columns : node + 1;
    const [near, far] = [away[node], Math.min(away[other], 1e9)].map(value => Math.min(value, 1e9) - radius);
    const part = clamp(near / (near - far), 0.001, 0.999);
    return [left + (node % columns + (edge & 1 ? 0 : part)) * step, low + (Math.floor(node / columns) + (edge & 1 ? part : 0)) * step];
  };
  const loops = [];
  while (next.size) {
    const loop = [];
    for (let edge = next.keys().next().value; next.has(edge);) {
      loop.push(...placeOf(edge));
      const following = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    loops.push(thinned(loop, Math.min(0.7, step / 4)));
  }
  loops.sort((a, b) => b.length - a.length);
  return loops.slice(1).reduce((ring, hole) => [...ring, ...ring.slice(0, 2), ...hole, ...hole.slice(0, 2)], loops[0] || []);
}

/** Points by the cells of a grid, for what is near a place. */
class PlaceIndex {
  constructor(x, y) {
    Object.assign(this, { x, y, isReady: false });
  }

  /** A million points are taken in parts, so that no frame waits for them. */
  async build() {
    const { x, y } = this, count = x.length, part = 200_000;
    const pause = () => count > part ? new Promise(resolve => setTimeout(resolve)) : null;
    const box = boundsOf(x, y);
    this.side = clamp(Math.ceil(Math.sqrt(count / 3)), 1, 1000);
    this.width = (box.right - box.left) / this.side || 1;
    this.height = (box.high - box.low) / this.side || 1;
    Object.assign(this, { left: box.left, low: box.low });
    this.starts = new Uint32Array(this.side * this.side + 1);
    const cells = new Uint32Array(count);
    for (let first = 0; first < count; first += part) {
      for (let i = first; i < Math.min(first + part, count); i++) {
        cells[i] = this.row(y[i]) * this.side + this.column(x[i]);
        this.starts[cells[i] + 1]++;
      }
      await pause();
    }
    for (let cell = 1; cell < this.starts.length; cell++) this.starts[cell] += this.starts[cell - 1];
    const filled = this.starts.slice();
    this.points = new Uint32Array(count);
    for (let first = 0; first < count; first += part) {
      for (let i = first; i < Math.min(first + part, count); i++) this.points[filled[cells[i]]++] = i;
      await pause();
    }
    this.isReady = true;
  }

  column(x) { return clamp(Math.floor((x - this.left) / this.width), 0, this.side - 1); }
  row(y) { return clamp(Math.floor((y - this.low) / this.height), 0, this.side - 1); }

  /** All points of a box, in the order of the cells. */
  visit({ left, low, right, high }, body) {
    if (!this.isReady) return;
    const first = this.column(left), last = this.column(right);
    for (let row = this.row(low); row <= this.row(high); row++) {
      const end = this.starts[row * this.side + last + 1];
      for (let at = this.starts[row * this.side + first]; at < end; at++) {
        const i = this.points[at];
        if (this.x[i] >= left && this.x[i] <= right && this.y[i] >= low && this.y[i] <= high) body(i);
      }
    }
  }

  /** The point of least `cost(dx, dy)` within a reach of (x, y); −1 without one. */
  best(x, y, reach, cost = (dx, dy) => Math.hypot(dx, dy)) {
    let found = -1, least = Infinity;
    this.visit({ left: x - reach, right: x + reach, low: y - reach, high: y + reach }, i => {
      const here = cost(this.x[i] - x, this.y[i] - y, i);
      if (here < least) [found, least] = [i, here];
    });
    return least <= reach ? found : -1;
  }
}
