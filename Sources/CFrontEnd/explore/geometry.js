// Rings are flat: [x0, y0, x1, y1, …], closed by themselves; what is inside is told by the even-odd rule.

const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const around = (x, y, across, up) => ({ left: x - across, right: x + across, low: y - up, high: y + up });

/** The box of places (x, y), or of a ring. */
function boundsOf(x, y) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i += y ? 1 : 2) {
    const across = x[i], up = y ? y[i] : x[i + 1];
    if (across < left) left = across;
    if (across > right) right = across;
    if (up < low) low = up;
    if (up > high) high = up;
  }
  return { left, right, low, high };
}

/** A test of whether a place is in a ring; the edges are kept by bands of y, so that it meets few of them. */
function insideOf(ring) {
  const { left, right, low, high } = boundsOf(ring), bands = Array.from({ length: 256 }, () => []);
  const band = y => clamp(Math.floor((y - low) / (high - low || 1) * 256), 0, 255);
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const edge = [ring[i], ring[i + 1], ring[j], ring[j + 1]], ends = [band(edge[1]), band(edge[3])];
    for (let at = Math.min(...ends); at <= Math.max(...ends); at++) bands[at].push(edge);
  }
  return (x, y) => {
    let isInside = false;
    if (x < left || x > right || y < low || y > high) return isInside;
    for (const [x0, y0, x1, y1] of bands[band(y)]) {
      if ((y0 > y) !== (y1 > y) && x < (x1 - x0) * (y - y0) / (y1 - y0) + x0) isInside = !isInside;
    }
    return isInside;
  };
}

/** A ring without the corners that matter by less than `tolerance` (Douglas and Peucker, 1973); at most 500 stay. */
function simplified(ring, tolerance) {
  const count = ring.length / 2, kept = new Uint8Array(count), spans = [[0, count]];
  kept[0] = 1;
  while (spans.length) {
    const [from, to] = spans.pop(), end = to % count, x = ring[2 * from], y = ring[2 * from + 1];
    const dx = ring[2 * end] - x, dy = ring[2 * end + 1] - y, square = dx * dx + dy * dy || 1;
    let farthest = 0, most = tolerance;
    for (let at = from + 1; at < to; at++) {
      const px = ring[2 * at] - x, py = ring[2 * at + 1] - y, along = clamp((px * dx + py * dy) / square, 0, 1);
      const away = Math.hypot(px - along * dx, py - along * dy);
      if (away > most) [farthest, most] = [at, away];
    }
    if (!farthest) continue;
    kept[farthest] = 1;
    spans.push([from, farthest], [farthest, to]);
  }
  const left = ring.filter((_, place) => kept[place >> 1]);
  return left.length > 1000 ? simplified(ring, tolerance * 1.5) : left;
}

/**
 * The outline of a stroke with a round brush, as one ring. The stroke is painted at a third of its size, and the ring
 * follows half its cover from pixel to pixel (marching squares). Holes are reached over bridges that are walked both ways,
 * which even-odd does not see.
 */
function brushOutline(path, radius) {
  const step = 3, { left, right, low, high } = boundsOf(path), x0 = left - radius - 2 * step, y0 = low - radius - 2 * step;
  const columns = Math.ceil((right - x0 + radius) / step) + 2, rows = Math.ceil((high - y0 + radius) / step) + 2;
  const ink = make('canvas', { width: columns, height: rows }).getContext('2d', { willReadFrequently: true });
  ink.lineWidth = 2 * radius / step;
  ink.lineCap = ink.lineJoin = 'round';
  trace(ink, path.map((value, i) => (value - (i % 2 ? y0 : x0)) / step + 0.5));
  ink.stroke();
  const cover = ink.getImageData(0, 0, columns, rows).data.filter((_, i) => i % 4 === 3), isIn = node => cover[node] > 127;
  // Edges of the grid have numbers: 2 × node to the right of a node, 2 × node + 1 below it. Around each cell, one where
  // the stroke ends is joined to the one before it where it begins, so that what is painted lies on the same side.
  const next = new Map(), loops = [];
  for (let node = 0; node < columns * (rows - 1) - 1; node++) {
    const corners = [node, node + 1, node + columns + 1, node + columns].map(isIn);
    const edges = [2 * node, 2 * node + 3, 2 * (node + columns), 2 * node + 1];
    for (let side = 0; side < 4; side++) {
      if (!corners[side] || corners[(side + 1) % 4]) continue;
      let begin = (side + 3) % 4;
      while (corners[begin]) begin = (begin + 3) % 4;
      next.set(edges[side], edges[begin]);
    }
  }
  while (next.size) {
    const loop = [];
    for (let [edge] = next.keys(), after; (after = next.get(edge)) !== undefined; edge = after) {
      next.delete(edge);
      const node = edge >> 1, isDown = edge & 1, here = cover[node], part = (here - 127.5) / (here - cover[node + (isDown ? columns : 1)]);
      loop.push(x0 + (node % columns + (isDown ? 0 : part)) * step, y0 + (Math.floor(node / columns) + (isDown ? part : 0)) * step);
    }
    loops.push(simplified(loop, 0.7));
  }
  return loops.reduce((ring, hole) => [...ring, ...ring.slice(0, 2), ...hole, ...hole.slice(0, 2)], loops.shift() || []);
}

function outline(ink, ring) {
  trace(ink, ring);
  ink.closePath();
  ink.stroke();
}

function trace(ink, ring) {
  ink.beginPath();
  for (let i = 0; i < ring.length; i += 2) ink.lineTo(ring[i], ring[i + 1]);
  // A line to where it is would leave no dot.
  if (ring.length === 2) ink.lineTo(ring[0] + 0.01, ring[1]);
}

/** The bits of a set, the lowest of a byte first, as a byte each. */
function unpacked(set, count) {
  const bytes = new Uint8Array(set);
  return new Uint8Array(count).map((_, i) => bytes[i >> 3] >> (i & 7) & 1);
}

/** Places by the cells of a grid, for what is near one. */
class PlaceIndex {
  constructor(x, y) { Object.assign(this, { x, y, isReady: false }); }

  /** A million places are taken in parts, so that no frame waits for them. */
  async build() {
    const { x, y } = this, count = x.length, side = this.side = clamp(Math.ceil(Math.sqrt(count / 3)), 1, 1000);
    const { left, right, low, high } = boundsOf(x, y), starts = new Uint32Array(side * side + 1), places = new Uint32Array(count);
    Object.assign(this, { left, low, starts, places, width: (right - left) / side || 1, height: (high - low) / side || 1 });
    const inParts = async body => {
      for (let i = 0; i < count; i++) {
        body(this.row(y[i]) * side + this.column(x[i]), i);
        if (i % 200_000 === 199_999) await new Promise(resolve => setTimeout(resolve));
      }
    };
    await inParts(cell => { starts[cell + 1]++; });
    for (let cell = 0; cell < side * side; cell++) starts[cell + 1] += starts[cell];
    const next = starts.slice();
    await inParts((cell, i) => { places[next[cell]++] = i; });
    this.isReady = true;
  }

  column(x) { return clamp(Math.floor((x - this.left) / this.width), 0, this.side - 1); }
  row(y) { return clamp(Math.floor((y - this.low) / this.height), 0, this.side - 1); }

  visit({ left, right, low, high }, body) {
    if (!this.isReady) return;
    for (let row = this.row(low); row <= this.row(high); row++) {
      const end = this.starts[row * this.side + this.column(right) + 1];
      for (let at = this.starts[row * this.side + this.column(left)]; at < end; at++) {
        const i = this.places[at];
        if (this.x[i] >= left && this.x[i] <= right && this.y[i] >= low && this.y[i] <= high) body(i);
      }
    }
  }

  /** The place of least `cost(dx, dy)` within a reach; −1 without one. */
  nearest(x, y, reach, cost = (dx, dy) => Math.hypot(dx, dy)) {
    let found = -1, least = reach;
    this.visit(around(x, y, reach, reach), i => {
      const here = cost(this.x[i] - x, this.y[i] - y);
      if (here <= least) [found, least] = [i, here];
    });
    return found;
  }
}
