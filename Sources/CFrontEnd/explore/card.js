/** The cards of tiles: one beside the pointer, and one that is pinned, with its nearest tiles. One question at a time. */
class TileCards {
  constructor(view) {
    Object.assign(this, { view, known: new Map(), next: -1 });
    this.floating = make('div', { class: 'card floating', hidden: '' });
    this.pinned = make('section', { class: 'card pinned', hidden: '', label: 'Pinned tile' });
  }

  /** What is known of a point is shown at once beside its place, and its picture as soon as it is there. */
  show(point, surface) {
    const { floating } = this;
    floating.hidden = point < 0;
    if (point < 0) return;
    this.surface = surface;
    surface.node.append(floating);
    this.fill(floating, point);
    this.place();
    this.want(point);
  }

  /** Beside its point, which may have moved. */
  place() {
    const { floating, surface } = this;
    if (floating.hidden) return;
    const { offsetWidth: width, offsetHeight: height } = floating;
    const [x, y] = surface.placeOf(surface.cursor), isRight = x + 16 + width > surface.width;
    // Where it fits on neither side, it stands above or below the point.
    const isBeside = !isRight || x - 16 - width >= 0, isBelow = y < surface.height / 2;
    const left = isBeside ? isRight ? x - 16 - width : x + 16 : x - width / 2;
    const top = isBeside ? y - height / 2 : isBelow ? y + 16 : y - 16 - height;
    floating.style.left = clamp(left, 0, surface.width - width) + 'px';
    floating.style.top = clamp(top, 0, surface.height - height) + 'px';
  }

  key(point) { return `${point} ${this.view.colours.by}`; }

  async want(point) {
    const { view, known } = this;
    this.next = known.has(this.key(point)) ? -1 : point;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.next >= 0) {
      const point = this.next, key = this.key(point);
      this.next = -1;
      const answer = await view.ask({ do: 'tile', point, by: view.colours.by || null, side: 224 });
      if (!answer) continue;
      known.set(key, answer);
      if (known.size > 60) known.delete(known.keys().next().value);
      if (point === view.pinned) this.fillPinned();
      if (point !== view.hovered) continue;
      this.fill(this.floating, point);
      view.mark('tessera-tile-shown', point);
      const { slide, tile, lines } = answer.content;
      // Who goes by keys may not see it.
      if (!document.activeElement?.matches('.stage:not(.pressed)')) continue;
      view.speak([slide, `tile ${tile}`, ...lines.map(line => line.join(': '))].join('; '));
    }
    this.isAsking = false;
  }

  fill(node, point) {
    const { view } = this, { content, buffers: [jpeg] } = this.known.get(this.key(point)) || { buffers: [] };
    const { name, patient } = view.open.slides[view.slide[point]], lines = make('dl');
    const place = content?.place ? ` at ${content.place.map(counted).join(', ')}` : '';
    for (const [term, text] of [['patient', patient], ['tile', content && counted(content.tile) + place], ...content?.lines || []]) {
      if (text) lines.append(make('dt', { text: term }), make('dd', { text }));
    }
    node.replaceChildren(picture(jpeg, `Tile of ${name}`),
      make('div', {}, make('strong', { text: name }), lines, soft(content ? content.note ?? '' : '…')));
  }

  /** A pinned tile, and those that are most like it to the network. */
  async pin(point) {
    // A new object each time: the same point may be pinned again.
    const { view } = this, asked = this.asked = {}, isPinned = () => this.asked === asked;
    this.pinned.hidden = point < 0;
    if (point < 0) return;
    // On the side where the point is not.
    this.near = view.open.isFrozen ? [] : [soft('Looking for the nearest tiles…')];
    this.fillPinned();
    this.want(point);
    const answer = !view.open.isFrozen && await view.ask({ do: 'near', point, count: 8 }, isPinned);
    if (!isPinned()) return;
    if (answer) {
      const { points, distances, metric, note } = answer.content;
      view.neighbours = points;
      view.queueMarks();
      const strip = await view.strip(points, place => `distance ${short(distances[place])}`);
      this.near = [soft(`Nearest by ${metric} distance. ${note || ''}`), strip];
    } else {
      this.near = [];
    }
    if (isPinned()) this.fillPinned();
  }

  fillPinned() {
    this.fill(this.pinned, this.view.pinned);
    this.pinned.prepend(button('×', () => this.view.pin(-1), 'Unpin (Escape)', { class: 'close', label: 'Unpin' }));
    this.pinned.append(...this.near);
  }
}
