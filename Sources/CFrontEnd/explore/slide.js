const mostPieces = 200;

/** One slide: its picture by pieces of a pyramid, with the tiles of the map in the map's colours. */
class SlideView extends Surface {
  constructor(view) {
    super(view, 'Slide', 1);
    Object.assign(this, { on: -1, pieces: new Map(), wanted: [], isAsking: false, isTinted: true });
  }

  dispose() {
    super.dispose();
    this.empty();
  }

  empty() {
    for (const bitmap of this.pieces.values()) bitmap?.close();
    this.pieces.clear();
  }

  take(slide, { content, buffers: [points, x, y] }) {
    this.empty();
    const half = content.side / 2, centre = corners => Float64Array.from(new Int32Array(corners), corner => corner + half);
    Object.assign(this, { on: slide, content, side: content.side, corners: [], points: new Uint32Array(points) });
    this.index = new PlaceIndex(centre(x), centre(y));
    this.places = new Map(Array.from(this.points, (point, i) => [point, i]));
    this.closest = Math.max(4, 200 / this.side);
    const { left, top, width, height } = content;
    this.box = { left, right: left + width, low: top, high: top + height };
    this.node.setAttribute('aria-label', `Slide ${content.name}`);
    this.index.build().then(() => this.queueMarks());
    this.showWhole();
  }

  pointOf(i) { return this.points[i]; }

  /** The tile under a place, or one a few pixels beside it. */
  nearest([left, top]) {
    if (!this.index?.isReady) return -1;
    const cost = (dx, dy) => Math.max(Math.abs(dx), Math.abs(dy));
    return this.index.best(...this.world(left, top), Math.max(this.side / 2, 6 / this.scale), cost);
  }

  // Pieces

  /** The columns and rows of a level that are seen, and so many around them. */
  seen(level, around = 0) {
    const { content: { left, top, piece, levels } } = this, { downsample, columns, rows } = levels[level], span = piece * downsample;
    const box = this.shown(), at = (place, most) => clamp(Math.floor(place), 0, most - 1), found = [];
    const lastColumn = at((box.right - left) / span + around, columns), lastRow = at((box.high - top) / span + around, rows);
    for (let row = at((box.low - top) / span - around, rows); row <= lastRow; row++) {
      for (let column = at((box.left - left) / span - around, columns); column <= lastColumn; column++) found.push([level, column, row]);
    }
    return found;
  }

  paintPieces(ink) {
    const { left, top, piece, levels } = this.content, coarsest = levels.length - 1, missing = [];
    let level = levels.findLastIndex(({ downsample }) => downsample * this.scale * this.dense <= 1.2);
    if (level < 0) level = 0;
    for (let at = coarsest; at >= level; at--) {
      const span = piece * levels[at].downsample;
      for (const key of this.seen(at)) {
        const bitmap = this.pieces.get(key.join());
        if (bitmap) {
          this.pieces.delete(key.join());
          this.pieces.set(key.join(), bitmap);
          const [x, y] = this.screen(left + key[1] * span, top + key[2] * span), grown = levels[at].downsample * this.scale;
          // Half a pixel more: between pieces no ground is seen.
          ink.drawImage(bitmap, x, y, bitmap.width * grown + 0.5, bitmap.height * grown + 0.5);
        } else if (bitmap === undefined && (at === level || at === coarsest)) {
          missing.push(key);
        }
      }
    }
    const away = ([at, column, row]) => {
      const span = piece * levels[at].downsample;
      return (at === coarsest ? -1e12 : 0) + Math.hypot(left + (column + 0.5) * span - this.x, top + (row + 0.5) * span - this.y);
    };
    const around = this.seen(level, 1).filter(key => !this.pieces.has(key.join()) && !missing.some(other => other.join() === key.join()));
    this.wanted = [...missing.sort((a, b) => away(a) - away(b)), ...this.isMoving ? [] : around].slice(0, 120);
    this.fetch();
  }

  async fetch() {
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.wanted.length && !this.view.isGone) {
      const slide = this.on, pieces = this.wanted.splice(0, 12);
      const answer = await this.view.ask({ do: 'pieces', slide, pieces });
      if (!answer) break;
      if (slide !== this.on) continue;
      const { has } = answer.content, jpegs = answer.buffers.values();
      const bitmaps = await Promise.all(pieces.map((_, place) =>
        has[place] ? createImageBitmap(new Blob([jpegs.next().value], { type: 'image/jpeg' })).catch(() => null) : null));
      if (slide !== this.on || this.view.isDisposed) continue;
      pieces.forEach((key, place) => this.pieces.set(key.join(), bitmaps[place]));
      for (const [key, bitmap] of this.pieces) {
        if (this.pieces.size <= mostPieces) break;
        bitmap?.close();
        this.pieces.delete(key);
      }
      this.queue();
      // What is wanted now is known once it has been painted.
      await new Promise(resolve => setTimeout(resolve, 30));
    }
    this.isAsking = false;
  }

  // Painting

  paint() {
    const ink = this.ready(this.base), { view, content, scale, side } = this;
    if (!content) return;
    const [left, top] = this.screen(content.left, content.top);
    ink.fillStyle = view.theme.paper;
    ink.fillRect(left, top, content.width * scale, content.height * scale);
    if (content.picture) this.paintPieces(ink);
    const { bits } = view.selection, length = Math.max(side * scale, 2), outlined = [];
    this.index.visit(this.margin(), i => {
      const [x, y] = this.screen(this.index.x[i] - side / 2, this.index.y[i] - side / 2), isSelected = bits?.[this.points[i]];
      ink.fillStyle = view.colours.css(this.points[i]);
      ink.globalAlpha = !content.picture ? (bits && !isSelected ? 0.3 : 0.9) : !this.isTinted ? 0 : isSelected ? 0.6 : bits ? 0.15 : 0.4;
      ink.fillRect(x, y, length, length);
      if (isSelected) outlined.push(x, y);
    });
    ink.globalAlpha = 1;
    ink.strokeStyle = '#16191d';
    ink.lineWidth = length > 10 ? 2 : 1;
    for (let i = 0; length > 3 && i < outlined.length; i += 2) ink.strokeRect(outlined[i] + 0.5, outlined[i + 1] + 0.5, length - 1, length - 1);
    if (content.mpp) this.paintScale(ink);
  }

  margin() {
    const { left, right, low, high } = this.shown(), { side } = this;
    return { left: left - side, right: right + side, low: low - side, high: high + side };
  }

  paintScale(ink) {
    const perPixel = this.content.mpp / this.scale, most = 120 * perPixel, power = 10 ** Math.floor(Math.log10(most));
    const microns = [5, 2, 1].map(step => step * power).find(length => length <= most), length = microns / perPixel;
    const text = microns >= 1000 ? `${short(microns / 1000)} mm` : `${short(microns)} µm`, { theme } = this.view;
    ink.font = '12px system-ui, sans-serif';
    ink.fillStyle = theme.ground;
    ink.globalAlpha = 0.85;
    ink.fillRect(8, this.height - 34, Math.max(length, ink.measureText(text).width) + 16, 26);
    ink.globalAlpha = 1;
    ink.fillStyle = theme.text;
    ink.fillText(text, 16, this.height - 20);
    ink.fillRect(16, this.height - 15, length, 3);
  }

  marks(ink) {
    const { view } = this;
    if (!this.content) return;
    this.outlines(ink, view.selection.steps, this.on);
    for (const [point, colour, width] of [[view.pinned, view.theme.mark, 4], [view.hovered, view.theme.text, 2]]) {
      const i = this.places.get(point);
      if (i === undefined) continue;
      const [x, y] = this.placeOf(i), half = Math.max(this.side * this.scale / 2, 5);
      for (const [line, style] of [[width + 2, view.theme.ground], [width, colour]]) {
        ink.lineWidth = line;
        ink.strokeStyle = style;
        ink.strokeRect(x - half, y - half, 2 * half, 2 * half);
      }
    }
  }
}

/** The slide that is shown, and all of them as thumbnails with the counts of what is selected. */
class SlidePanel {
  constructor(view) {
    Object.assign(this, { view, thumbs: new Map(), buttons: new Map(), waiting: new Set(), isAsking: false, request: 0 });
    this.surface = new SlideView(view);
    this.title = make('strong');
    this.note = make('p', { class: 'soft' });
    const tint = make('input', { type: 'checkbox', checked: true, onchange: () => {
      this.surface.isTinted = tint.checked;
      this.queue();
    } });
    this.strip = make('div', { class: 'thumbs', role: 'group', 'aria-label': 'Slides' });
    this.node = make('section', { class: 'slides', 'aria-label': 'Slide' },
      this.surface.node, make('div', { class: 'title' }, this.title, make('label', {}, tint, ' colour tiles')), this.note, this.strip);
    this.seeing = new IntersectionObserver(entries => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.waiting.add(Number(target.dataset.slide));
      this.fetch();
    });
    this.fillStrip();
  }

  dispose() {
    this.seeing.disconnect();
    this.surface.dispose();
  }

  queue() { this.surface.queue(); }

  async show(slide, point = -1) {
    if (slide === undefined || this.view.isGone) return;
    if (slide !== this.surface.on) {
      const request = ++this.request, answer = await this.view.ask({ do: 'slide', slide });
      if (!answer || request !== this.request) return;
      this.surface.take(slide, answer);
      this.title.textContent = answer.content.name;
      this.note.textContent = answer.content.note || '';
      for (const [place, node] of this.buttons) node.setAttribute('aria-pressed', place === slide);
    }
    const i = this.surface.places.get(point), [x, y] = i === undefined ? [1, 1] : this.surface.placeOf(i);
    if (x < 0 || y < 0 || x > this.surface.width || y > this.surface.height) this.surface.centre(i);
    this.surface.queueMarks();
  }

  /** After a change of the selection. */
  selected() {
    const { view } = this, { bits } = view.selection;
    this.counts = new Uint32Array(view.open.slides.length);
    if (bits) for (let i = 0; i < bits.length; i++) this.counts[view.slide[i]] += bits[i];
    else this.counts = null;
    this.fillStrip();
    this.queue();
  }

  /** The slides that are looked for; those with most selected tiles first. */
  fillStrip() {
    const { view, counts } = this, { slides } = view.open, most = 150;
    const focused = document.activeElement?.closest?.('.thumbs button')?.dataset.slide;
    const found = view.colours.sought();
    if (counts) found.sort((a, b) => counts[b] - counts[a] || a - b);
    this.seeing.disconnect();
    this.buttons = new Map(found.slice(0, most).map(slide => {
      const { name, count } = slides[slide], thumb = this.thumbs.get(slide) || make('canvas', { width: 64, height: 64, class: 'empty', 'aria-hidden': true });
      const node = button('', () => this.show(slide), { 'data-slide': slide, title: name, 'aria-pressed': slide === this.surface.on });
      node.append(thumb, make('span', { class: 'name', text: name }),
        make('span', { class: 'count', text: counts ? `${counted(counts[slide])} of ${counted(count)}` : counted(count) }));
      if (!this.thumbs.has(slide)) this.seeing.observe(node);
      return [slide, node];
    }));
    this.strip.replaceChildren(...this.buttons.values());
    if (focused) this.buttons.get(Number(focused))?.focus({ preventScroll: true });
    if (found.length > most) this.strip.append(make('span', { class: 'soft', text: `and ${found.length - most} more: find them by name` }));
  }

  async fetch() {
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.waiting.size && !this.view.isGone) {
      const slides = [...this.waiting].slice(0, 32);
      const answer = await this.view.ask({ do: 'thumbs', slides, side: 96 });
      for (const slide of slides) this.waiting.delete(slide);
      if (!answer) break;
      const jpegs = answer.buffers.values();
      slides.forEach((slide, place) => {
        const thumb = picture(answer.content.has[place] ? jpegs.next().value : null, 64, '');
        this.thumbs.set(slide, thumb);
        this.buttons.get(slide)?.firstChild.replaceWith(thumb);
      });
    }
    this.isAsking = false;
  }
}
