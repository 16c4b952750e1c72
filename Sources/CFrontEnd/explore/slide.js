/** One slide: its picture by pieces of a pyramid, with the tiles of the map in the map's colours. */
class SlideView extends Surface {
  constructor(view) {
    super(view, 'Slide', 1);
    Object.assign(this, { on: -1, pieces: new Map(), wanted: [], isTinted: true });
  }

  take(slide, { content, buffers: [points, x, y] }) {
    this.empty();
    const { width, height, ...more } = content, half = content.side / 2;
    const centres = corners => Float64Array.from(new Int32Array(corners), corner => corner + half);
    Object.assign(this, more, { on: slide, corners: [], cursor: -1, closest: Math.max(4, 100 / half), extent: [width, height] });
    this.points = new Uint32Array(points);
    this.index = new PlaceIndex(centres(x), centres(y));
    this.places = new Map(Array.from(this.points, (point, i) => [point, i]));
    this.box = { left: this.left, right: this.left + width, low: this.top, high: this.top + height };
    this.node.setAttribute('aria-label', `Slide ${content.name}`);
    this.index.build().then(() => this.queue());
    this.showWhole();
  }

  empty() {
    this.pieces.forEach(bitmap => bitmap?.close());
    this.pieces.clear();
  }

  dispose() {
    super.dispose();
    this.empty();
  }

  pointOf(i) { return this.points[i]; }
  indexOf(point) { return this.places.get(point); }

  shape(ink, x, y) {
    const half = Math.max(this.side * this.scale / 2, 5);
    ink.rect(x - half, y - half, 2 * half, 2 * half);
  }

  /** The tile under a place, or one that is a few pixels beside it. */
  hit(place) {
    const cost = (dx, dy) => Math.max(Math.abs(dx), Math.abs(dy));
    return this.index ? this.index.nearest(...this.world(place), Math.max(this.side / 2, 6 / this.scale), cost) : -1;
  }

  // Pieces

  /** The pieces of a level that are seen, and so many around them. */
  seen(level, extra = 0) {
    const { downsample, columns, rows } = this.levels[level], span = this.piece * downsample, box = this.shown(extra * span), found = [];
    const [first, last] = [box.left, box.right].map(x => clamp(Math.floor((x - this.left) / span), 0, columns - 1));
    const [top, bottom] = [box.low, box.high].map(y => clamp(Math.floor((y - this.top) / span), 0, rows - 1));
    for (let row = top; row <= bottom; row++) for (let column = first; column <= last; column++) found.push([level, column, row]);
    return found;
  }

  /** From the coarsest level to the one that the screen resolves, as far as they are there; what is missing is asked for. */
  paintPieces(ink) {
    const coarsest = this.levels.length - 1, missing = [];
    const finest = Math.max(0, this.levels.findLastIndex(({ downsample }) => downsample * this.scale * this.dense <= 1.2));
    const corner = ([level, column, row], half = 0) => {
      const span = this.piece * this.levels[level].downsample;
      return [this.left + (column + half) * span, this.top + (row + half) * span];
    };
    for (let level = coarsest; level >= finest; level--) {
      const grown = this.levels[level].downsample * this.scale;
      for (const key of this.seen(level)) {
        const bitmap = this.pieces.get(String(key));
        if (bitmap) {
          // What was seen last is thrown away last.
          this.pieces.delete(String(key));
          this.pieces.set(String(key), bitmap);
          // Half a pixel more, so that there are no seams.
          ink.drawImage(bitmap, ...this.screen(...corner(key)), bitmap.width * grown + 0.5, bitmap.height * grown + 0.5);
        } else if (bitmap === undefined && (level === finest || level === coarsest)) {
          missing.push(key);
        }
      }
    }
    const away = key => Math.hypot(corner(key, 0.5)[0] - this.x, corner(key, 0.5)[1] - this.y) - (key[0] === coarsest ? 1e12 : 0);
    const beside = this.isMoving || missing.length ? [] : this.seen(finest, 1).filter(key => !this.pieces.has(String(key)));
    this.wanted = [...missing.sort((a, b) => away(a) - away(b)), ...beside].slice(0, 100);
    this.fetch();
  }

  async fetch() {
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.wanted.length) {
      const slide = this.on, pieces = this.wanted.splice(0, 12), answer = await this.view.ask({ do: 'pieces', slide, pieces });
      if (!answer) break;
      const jpegs = answer.buffers.values();
      const bitmaps = await Promise.all(pieces.map((_, place) => answer.content.has[place] ? bitmapOf(jpegs.next().value) : null));
      if (slide !== this.on || this.view.isDisposed) continue;
      pieces.forEach((key, place) => this.pieces.set(String(key), bitmaps[place]));
      for (const [key, bitmap] of this.pieces) {
        if (this.pieces.size <= 200) break;
        bitmap?.close();
        this.pieces.delete(key);
      }
      // What is wanted next is known once these are painted.
      this.queue();
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    this.isAsking = false;
  }

  paint() {
    const ink = this.cleared(this.base), { view, scale, side, index, picture: kind } = this, { bits } = view.selection;
    if (!index) return;
    ink.fillStyle = view.theme.paper;
    ink.fillRect(...this.screen(this.left, this.top), ...this.extent.map(length => length * scale));
    if (kind) this.paintPieces(ink);
    const length = Math.max(side * scale, 2), seen = [[], []];
    const corner = i => this.screen(index.x[i] - side / 2, index.y[i] - side / 2);
    index.visit(this.shown(side), i => seen[bits?.[this.points[i]] ? 1 : 0].push(i));
    seen.forEach((found, isSelected) => {
      ink.globalAlpha = (isSelected ? 0.6 : bits ? 0.15 : 0.4) * (kind ? this.isTinted : 1.6);
      Object.assign(ink, { strokeStyle: '#16191d', lineWidth: length > 10 ? 2 : 1 });
      // More would cover one another.
      for (let at = 0, skip = Math.ceil(found.length / 40_000); at < found.length; at += skip) {
        ink.fillStyle = view.colours.css(this.points[found[at]]);
        ink.fillRect(...corner(found[at]), length, length);
      }
      ink.globalAlpha = 1;
      if (!isSelected || length < 4) return;
      for (const i of found) ink.strokeRect(...corner(i).map(value => value + 0.5), length - 1, length - 1);
    });
    if (this.mpp) this.paintScale(ink);
  }

  paintScale(ink) {
    const { theme } = this.view, perPixel = this.mpp / this.scale, power = 10 ** Math.floor(Math.log10(110 * perPixel));
    const microns = [5, 2, 1].map(step => step * power).find(length => length <= 110 * perPixel), length = microns / perPixel;
    Object.assign(ink, { font: '12px system-ui, sans-serif', fillStyle: theme.ground, globalAlpha: 0.85 });
    ink.fillRect(8, this.height - 34, Math.max(length, 56) + 16, 26);
    Object.assign(ink, { fillStyle: theme.text, globalAlpha: 1 });
    ink.fillText(microns >= 1000 ? `${short(microns / 1000)} mm` : `${short(microns)} µm`, 16, this.height - 20);
    ink.fillRect(16, this.height - 15, length, 3);
  }
}

/** The slide that is shown, and all of them as thumbnails with the counts of what is selected. */
class SlidePanel {
  constructor(view) {
    Object.assign(this, { view, surface: new SlideView(view), thumbs: new Map(), buttons: new Map() });
    this.title = make('strong');
    this.note = soft('');
    const tint = make('input', { type: 'checkbox', checked: '', onchange: () => { this.surface.isTinted = tint.checked; this.queue(); } });
    this.strip = make('div', { class: 'thumbs', role: 'group', label: 'Slides' });
    this.node = make('section', { class: 'slides', label: 'Slide' }, this.surface.node,
      make('div', { class: 'title' }, this.title, make('label', {}, tint, ' colour tiles')), this.note, this.strip);
    this.fillStrip();
  }

  queue() { this.surface.queue(); }

  async show(slide, point) {
    const { surface, view } = this;
    if (slide !== surface.on) {
      this.wanted = slide;
      const answer = await view.ask({ do: 'slide', slide });
      if (!answer || slide !== this.wanted) return;
      surface.take(slide, answer);
      this.title.textContent = answer.content.name;
      this.note.textContent = answer.content.note || '';
      this.buttons.forEach((node, place) => node.setAttribute('aria-pressed', place === slide));
    }
    // The strip alone moves, and not the notebook.
    const { strip } = this, thumb = this.buttons.get(slide);
    if (thumb) strip.scrollLeft = clamp(strip.scrollLeft, thumb.offsetLeft - strip.offsetLeft + thumb.offsetWidth - strip.clientWidth, thumb.offsetLeft - strip.offsetLeft);
    if (surface.places.has(point)) surface.reveal(surface.places.get(point));
  }

  /** After a change of the selection. */
  selected() {
    const { view: { selection: { bits }, slide, open } } = this;
    this.counts = bits && new Uint32Array(open.slides.length);
    bits?.forEach((bit, i) => { this.counts[slide[i]] += bit; });
    this.fillStrip();
    this.strip.scrollLeft = 0;
    this.queue();
  }

  /** The slides that are looked for; those with most selected tiles first. */
  fillStrip() {
    const { view: { open: { slides }, colours }, counts, thumbs } = this, found = colours.sought(), most = 96;
    const focused = this.strip.contains(document.activeElement) && document.activeElement.dataset.slide;
    if (counts) found.sort((a, b) => counts[b] - counts[a]);
    this.buttons = new Map(found.slice(0, most).map(slide => {
      const { name, count } = slides[slide], state = { 'data-slide': slide, 'aria-pressed': String(slide === this.surface.on) };
      const node = button('', () => this.show(slide), name, state);
      node.append(thumbs.get(slide) || picture(), span('name', name),
        make('span', { class: 'count', text: counts ? `${counted(counts[slide])} of ${counted(count)}` : counted(count) }));
      return [slide, node];
    }));
    this.strip.replaceChildren(...this.buttons.values());
    if (focused) this.buttons.get(Number(focused))?.focus({ preventScroll: true });
    if (found.length > most) this.strip.append(soft(`${found.length - most} more can be found by name`));
    this.fetch();
  }

  async fetch() {
    if (this.isAsking) return;
    this.isAsking = true;
    for (let slides; (slides = [...this.buttons.keys()].filter(slide => !this.thumbs.has(slide)).slice(0, 32)).length;) {
      const answer = await this.view.ask({ do: 'thumbs', slides, side: 96 }), jpegs = answer?.buffers.values();
      if (!answer) break;
      slides.forEach((slide, place) => {
        const thumb = picture(answer.content.has[place] && jpegs.next().value);
        this.thumbs.set(slide, thumb);
        this.buttons.get(slide)?.firstChild.replaceWith(thumb);
      });
    }
    this.isAsking = false;
  }
}
