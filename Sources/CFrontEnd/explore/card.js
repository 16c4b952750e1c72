/** The cards of tiles: one beside the pointer, and one that is pinned with its nearest tiles. One question at a time. */
class TileCards {
  constructor(view) {
    Object.assign(this, { view, known: new Map(), isAsking: false, next: -1 });
    this.floating = make('div', { class: 'card floating', hidden: true });
    this.pinned = make('section', { class: 'card pinned', hidden: true, 'aria-label': 'Pinned tile' });
  }

  /** Shows a card beside a place of a surface at once, with its picture as soon as it is there. */
  show(point, surface) {
    this.point = point;
    this.floating.hidden = point < 0;
    if (point < 0) return;
    surface.node.append(this.floating);
    this.fill(this.floating, point);
    const i = surface.cursor, [left, top] = surface.placeOf(i), { offsetWidth, offsetHeight } = this.floating;
    const isRight = left + 16 + offsetWidth > surface.width, x = isRight ? left - 16 - offsetWidth : left + 16;
    this.floating.style.left = clamp(x, 0, Math.max(0, surface.width - offsetWidth)) + 'px';
    this.floating.style.top = clamp(top - offsetHeight / 2, 0, Math.max(0, surface.height - offsetHeight)) + 'px';
    this.want(point);
  }

  key(point) { return point + ' ' + this.view.colours.by; }

  async want(point) {
    if (this.known.has(this.key(point))) return;
    this.next = point;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.next >= 0 && !this.view.isGone) {
      const asked = this.next, key = this.key(asked);
      this.next = -1;
      const answer = await this.view.ask({ do: 'tile', point: asked, by: this.view.colours.by, side: 224 });
      if (!answer) continue;
      this.known.set(key, answer);
      if (this.known.size > 60) this.known.delete(this.known.keys().next().value);
      if (asked === this.point) {
        this.fill(this.floating, asked);
        performance.clearMarks('tessera-tile-shown');
        performance.mark('tessera-tile-shown', { detail: asked });
        // By keys, a tile is told; by the mouse it would be told all the time.
        if (document.activeElement?.matches(':focus-visible')) this.view.say(this.spoken(answer.content));
      }
      if (asked === this.view.pinned) this.fillPinned();
    }
    this.isAsking = false;
  }

  spoken({ slide, tile, lines }) { return [`${slide}, tile ${tile}`, ...lines.map(line => line.join(': '))].join('; '); }

  fill(node, point) {
    const { view } = this, answer = this.known.get(this.key(point)), content = answer?.content;
    const { name, patient } = view.open.slides[view.slide[point]] || {};
    const side = view.isNarrow ? 96 : 144, lines = make('dl');
    const place = content?.place ? ` at ${content.place.map(value => counted(Math.round(value))).join(', ')}` : '';
    const rows = [...patient ? [['patient', patient]] : [], ...content ? [['tile', counted(content.tile) + place]] : [], ...content?.lines || []];
    for (const [term, text] of rows) lines.append(make('dt', { text: term }), make('dd', { text }));
    if (!content) lines.append(make('dd', { class: 'soft', text: view.isGone ? '' : '…' }));
    const image = answer?.buffers[0] || !content ? [picture(answer?.buffers[0], side, `Tile of ${name}`)] : [];
    node.replaceChildren(...image, make('div', {}, make('strong', { text: name ?? '' }), lines,
      ...content?.note ? [make('p', { class: 'soft', text: content.note })] : []));
    node.classList.toggle('bare', image.length === 0);
  }

  /** A pinned tile, and those that the network finds most like it. */
  async pin(point) {
    const { view } = this;
    this.pinned.hidden = point < 0;
    if (point < 0) return;
    this.near = null;
    this.fillPinned();
    this.want(point);
    if (view.open.isFrozen) return;
    const answer = await view.ask({ do: 'near', point, count: 8 });
    if (!answer || view.pinned !== point) return;
    const { points, distances, metric, note } = answer.content;
    view.neighbours = points;
    view.queueMarks();
    const strip = await view.strip(points, 64, place => `distance ${short(distances[place])}`);
    if (view.pinned !== point) return;
    this.near = make('div', {}, make('p', { class: 'soft', text: `Nearest by ${metric} distance` + (note ? `. ${note}` : '') }), strip);
    this.fillPinned();
  }

  fillPinned() {
    const { view, pinned } = this;
    this.fill(pinned, view.pinned);
    pinned.prepend(button('×', () => view.pin(-1), { class: 'close', 'aria-label': 'Unpin', title: 'Unpin (Escape)' }));
    if (!view.open.isFrozen) pinned.append(this.near || make('p', { class: 'soft', text: 'Looking for the nearest tiles…' }));
  }
}
