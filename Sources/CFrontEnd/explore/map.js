/** The map: its points are painted as a part of them while it moves, and as all of them once it is still. */
class TileMap extends Surface {
  constructor(view) {
    super(view, `Map of ${plural(view.count, view.open.noun)}`, -1);
    Object.assign(this, { on: 'map', budget: 50_000, pace: 0, passes: [], isAwake: false });
    this.index = new PlaceIndex(view.x, view.y);
    this.box = boundsOf(view.x, view.y);
    this.closest = 2000 * this.wholeScale();
    this.shuffled = shuffledNumbers(view.count);
    this.order = new Uint32Array(view.count);
    const [across = '', up = ''] = view.open.axes || [];
    this.node.append(make('span', { class: 'axis across', text: across }), make('span', { class: 'axis up', text: up }));
    // Chromium keeps 16 contexts of graphics in all its pages: a map out of sight gives its own back.
    this.seeing = new IntersectionObserver(entries => entries.at(-1).isIntersecting ? this.wake() : this.sleep(), { rootMargin: '300px' });
    this.seeing.observe(this.node);
    this.index.build().then(() => { if (!view.isDisposed) this.node.dataset.index = 'ready'; });
  }

  pointOf(i) { return i; }

  dispose() {
    super.dispose();
    this.seeing.disconnect();
    this.points?.release();
    this.points = null;
  }

  // The graphics context

  wake() {
    if (this.isAwake) return;
    this.isAwake = true;
    this.start(GraphicsPoints.make(make('canvas'), this.view.x, this.view.y));
  }

  start(points) {
    this.points = points || new PlainPoints(make('canvas'), this.view.x, this.view.y);
    this.node.dataset.renderer = this.points.kind;
    // The picture of before stays until there is a new one.
    this.isNew = true;
    const { points: mine } = this;
    mine.canvas.addEventListener('webglcontextlost', event => {
      event.preventDefault();
      if (this.points === mine) this.start(null);
    });
    mine.canvas.addEventListener('webglcontextrestored', () => {
      mine.release();
      if (this.isAwake && !this.view.isDisposed) this.start(GraphicsPoints.make(make('canvas'), this.view.x, this.view.y));
    });
    this.recolour();
  }

  sleep() {
    if (!this.isAwake) return;
    this.isAwake = false;
    this.frame = cancelAnimationFrame(this.frame) ?? null;
    const { points } = this, kept = make('canvas', { width: this.base.width, height: this.base.height });
    if (points.across || points.image) {
      points.present();
      kept.getContext('2d').drawImage(points.canvas, 0, 0);
    }
    this.points = null;
    points.release();
    this.base.replaceWith(kept);
    this.base = kept;
    this.node.dataset.renderer = 'snapshot';
  }

  // What is painted

  /** After a change of colours, of what is greyed, or of the selection. */
  recolour() {
    const { colours } = this.view;
    if (!this.points || !colours.index) return;
    this.points.colour(colours.index, colours.palette);
    this.rearrange();
  }

  /** Greyed points lie below the others and selected ones above; within each, the order is shuffled, so that none hides more than its share. */
  rearrange() {
    if (!this.points) return;
    const { shuffled, order, view: { colours, selection } } = this, { bits } = selection;
    const layers = [0, 0, 0], layer = i => bits && bits[i] ? 2 : colours.isGrey(i) ? 0 : 1;
    const of = new Uint8Array(order.length);
    for (let i = 0; i < of.length; i++) layers[of[i] = layer(i)]++;
    const at = [0, layers[0], layers[0] + layers[1]], starts = [...at];
    for (const i of shuffled) order[at[of[i]]++] = i;
    this.points.arrange(order);
    this.layers = layers.map((count, place) => ({ first: starts[place], count }));
    this.queue();
  }

  /** The styles of the layers, for a part of the points. */
  styles(part) {
    const { view: { theme, selection, count }, width, height, dense } = this;
    const zoomed = Math.max(this.scale / this.wholeScale(), 0.5);
    const size = clamp(0.55 * Math.sqrt(width * height / count), 1.6, 7) * clamp(zoomed ** 0.4, 0.7, 3);
    // So many points lie upon one another where a map is filled by two fifths.
    const depth = part * count / zoomed ** 2 * size ** 2 / (0.4 * width * height);
    const alpha = clamp(1.2 / Math.sqrt(Math.max(depth, 1)), 0.12, 0.95), isFaded = selection.bits !== null;
    const grey = channels(theme.grey), above = Math.max(size * 1.25, 3);
    return [
      { size: size * dense, alpha: alpha * (isFaded ? 0.35 : 0.6), plain: grey },
      { size: size * dense, alpha: alpha * (isFaded ? 0.3 : 1) },
      { size: above * dense, alpha: Math.max(alpha, 0.85), rim: above > 5 ? channels(theme.text) : null },
    ];
  }

  paint(time) {
    if (!this.points || !this.layers || this.width < 2) return;
    const { count } = this.view;
    // The time from frame to frame says how many points this machine draws in motion.
    if (this.isMoving && this.pace) {
      const passed = time - this.pace;
      if (passed > 45) this.budget = Math.max(4000, this.budget * 0.7);
      else if (passed < 25) this.budget = Math.min(count, this.budget * 1.25);
    }
    this.pace = this.isMoving ? time : 0;
    const part = this.isMoving ? Math.min(1, this.budget / count) : 1;
    if (this.isMoving || this.budget >= count) {
      this.work = this.plan(part);
      this.advance(Infinity);
    } else {
      this.work = this.plan(1);
      this.advance(this.budget);
    }
  }

  plan(part) {
    this.points.begin(this);
    const styles = this.styles(part);
    return this.layers.map(({ first, count }, place) => ({ first, count: Math.ceil(count * part), style: styles[place] }));
  }

  /** Paints so many points of what is left, and shows the picture when none are. */
  advance(most) {
    let left = most;
    while (this.work.length && left > 0) {
      const layer = this.work[0], now = Math.min(layer.count, left);
      if (now) this.points.paint(layer.first, now, layer.style);
      left -= now;
      layer.first += now;
      layer.count -= now;
      if (!layer.count) this.work.shift();
    }
    if (this.work.length) {
      const { work } = this;
      requestAnimationFrame(() => {
        // What was begun since is another picture.
        if (this.work === work && this.points && !this.isMoving) this.advance(most);
      });
      return;
    }
    this.points.present();
    if (this.isNew) {
      this.isNew = false;
      this.base.replaceWith(this.points.canvas);
      this.base = this.points.canvas;
    }
    if (!this.isPainted) {
      this.isPainted = true;
      performance.mark('tessera-first-paint');
    }
    this.node.dataset.painted = Number(this.node.dataset.painted || 0) + 1;
  }

  marks(ink) {
    const { view } = this, { theme } = view;
    this.outlines(ink, view.selection.steps, 'map');
    for (const point of view.neighbours) this.ring(ink, this.placeOf(point), 6, theme.text, 1.5);
    if (view.pinned >= 0) this.ring(ink, this.placeOf(view.pinned), 9, theme.mark, 3);
    if (view.hovered >= 0) this.ring(ink, this.placeOf(view.hovered), 8, theme.text);
  }
}

/** 0 ..< count in an order that is the same each time. */
function shuffledNumbers(count) {
  const numbers = new Uint32Array(count);
  let state = 0x9e3779b9;
  for (let i = 0; i < count; i++) {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + i | 0;
    const other = ((state ^ state >>> 13) >>> 0) % (i + 1);
    numbers[i] = numbers[other];
    numbers[other] = i;
  }
  return numbers;
}
