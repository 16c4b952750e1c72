/** The map: a part of its points at once and while it moves, and all of them, over several frames, once it is still. */
class TileMap extends Surface {
  constructor(view) {
    super(view, `Map of ${plural(view.count, view.open.noun)}`, -1);
    Object.assign(this, { on: 'map', budget: 30_000, index: new PlaceIndex(view.x, view.y), box: boundsOf(view.x, view.y) });
    this.shuffled = shuffled(view.count);
    this.order = new Uint32Array(view.count);
    const [across, up] = view.open.axes;
    this.node.append(span('across', across), span('up', up));
    // Chromium keeps 16 contexts of graphics in all its pages: a map out of sight gives its own back.
    this.seeing = new IntersectionObserver(entries => entries.at(-1).isIntersecting ? this.wake() : this.sleep(), { rootMargin: '300px' });
    this.seeing.observe(this.node);
    this.index.build().then(() => { this.node.dataset.index = 'ready'; });
  }

  get closest() { return 4000 * this.wholeScale; }
  pointOf(i) { return i; }
  indexOf(point) { return point; }
  shape(ink, x, y, radius) { ink.arc(x, y, radius, 0, 7); }

  dispose() {
    super.dispose();
    this.seeing.disconnect();
    this.sleep();
  }

  wake() { if (!this.points) this.start(GraphicsPoints.make(this.view.x, this.view.y)); }

  start(graphics) {
    const points = this.points = graphics || new PlainPoints(this.view.x, this.view.y);
    points.canvas.addEventListener('webglcontextlost', event => {
      event.preventDefault();
      if (this.points === points) this.start(null);
    });
    points.canvas.addEventListener('webglcontextrestored', () => {
      points.release();
      if (this.points?.kind === 'canvas') this.start(GraphicsPoints.make(this.view.x, this.view.y));
    });
    this.recolour();
    this.rearrange();
  }

  sleep() {
    const { points } = this, kept = make('canvas');
    if (!points) return;
    this.points = null;
    // A context keeps its picture no longer than the frame.
    if (points.size) {
      points.present();
      draw(kept, points.canvas);
    }
    this.show(kept, 'snapshot');
    points.release();
  }

  show(canvas, kind) {
    if (this.base === canvas) return;
    this.base.replaceWith(canvas);
    this.base = canvas;
    this.node.dataset.renderer = kind;
  }

  recolour() {
    const { inks, palette } = this.view.colours;
    if (inks) this.points?.colour(inks, palette);
  }

  /**
   * Greyed points lie below coloured ones, and selected ones above the others; in each layer the order is random, so that
   * none hides more than its share.
   */
  rearrange() {
    if (!this.points || !this.view.colours.inks) return;
    const { shuffled, order, view: { colours, selection: { bits } } } = this, layer = new Uint8Array(order.length), counts = [0, 0, 0, 0];
    for (let i = 0; i < order.length; i++) counts[layer[i] = (bits?.[i] ? 2 : 0) + (colours.isGrey(i) ? 0 : 1)]++;
    const at = [0, counts[0], counts[0] + counts[1], order.length - counts[3]], starts = [...at];
    for (const i of shuffled) order[at[layer[i]]++] = i;
    this.points.arrange(order);
    this.layers = counts.map((count, place) => ({ first: starts[place], count }));
    // A change is seen at once, in a part of the points.
    this.isNew = true;
    this.queue();
  }

  /** The styles of the layers for a part of the points: the more of them lie upon one another, the more each lets through. */
  styles(part) {
    const { view: { theme, selection, count }, width, height, dense, layers } = this, zoomed = this.scale / this.wholeScale;
    const size = clamp(0.55 * Math.sqrt(width * height / count), 1.6, 7) * clamp(zoomed ** 0.4, 0.7, 3), above = Math.max(size * 1.3, 2);
    // Points fill about two fifths of a map.
    const alpha = count => clamp(1.2 / Math.sqrt(Math.max(part * count / zoomed ** 2 * size ** 2 / (0.4 * width * height), 1)), 0.12, 0.95);
    const plain = channels(theme.grey), faded = alpha(count) * (selection.bits ? 0.3 : 1), rim = above > 5 && channels(theme.text);
    const selected = { size: above * dense, alpha: Math.max(alpha(layers[2].count + layers[3].count), 0.3), rim };
    const other = { size: size * dense, alpha: faded };
    return [{ ...other, alpha: Math.max(faded * 0.6, alpha(count) * 0.3), plain }, other, { ...selected, plain }, selected];
  }

  paint(time) {
    const { points, layers, view: { count }, isMoving } = this;
    if (!points || !layers) return;
    if (points.isBusy) return this.queue();
    // How long frames take says how many points this machine draws in motion.
    const passed = isMoving && this.before ? time - this.before : 30;
    this.budget = clamp(this.budget * (passed > 36 ? 0.75 : passed < 20 ? 1.2 : 1), 4000, 4e6);
    this.before = isMoving && time;
    const isPart = isMoving || this.isNew, part = isPart ? Math.min(1, this.budget / count) : 1, styles = this.styles(part);
    points.begin(this);
    this.work = layers.map(({ first, count }, place) => ({ first, count: Math.ceil(count * part), style: styles[place] }));
    this.drawn = this.work.reduce((sum, layer) => sum + layer.count, 0);
    this.advance(isPart ? Infinity : Math.max(2 * this.budget, 40_000));
    this.isNew = false;
    if (isPart && part < 1 && !isMoving) this.queue();
  }

  advance(budget) {
    const { points, work } = this;
    if (!points.isBusy) for (let left = budget; work.length && left > 0;) {
      const layer = work[0], now = Math.min(layer.count, left);
      points.paint(layer.first, now, layer.style);
      left -= now;
      layer.first += now;
      layer.count -= now;
      if (!layer.count) work.shift();
    }
    // What was begun since is another picture.
    if (work.length) {
      points.send();
      return requestAnimationFrame(() => { if (this.work === work && this.points === points) this.advance(budget); });
    }
    points.present();
    points.send();
    this.show(points.canvas, points.kind);
    if (!this.painted) this.view.mark('tessera-first-paint');
    this.painted = (this.painted || 0) + 1;
    Object.assign(this.node.dataset, { painted: this.painted, drawn: this.drawn });
  }
}

/** 0 ..< count in a random order that is always the same. */
function shuffled(count) {
  const numbers = new Uint32Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    const other = Math.floor(state / 4294967296 * (i + 1));
    numbers[i] = numbers[other];
    numbers[other] = i;
  }
  return numbers;
}
