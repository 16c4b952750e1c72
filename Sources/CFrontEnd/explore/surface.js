const tools = [['pan', 'Pan', 'm'], ['lasso', 'Lasso', 'l'], ['rectangle', 'Rectangle', 'r'], ['brush', 'Brush', 'b']];
const gestures = ['pointerdown', 'pointermove', 'pointerup', 'pointercancel', 'pointerleave', 'wheel', 'dblclick', 'keydown'];
const brushRadius = 14;

/**
 * What the map and the slide have in common: a camera, gestures and keys, the tools that select, and the marks above the
 * picture. `flip` is −1 where y grows upwards. A subclass paints, and says which point is the i-th place of its `index`.
 */
class Surface {
  constructor(view, label, flip) {
    Object.assign(this, { view, flip, x: 0, y: 0, scale: 1, width: 1, height: 1, isWhole: true, cursor: -1 });
    Object.assign(this, { corners: [], pointers: new Map() });
    this.base = make('canvas');
    this.over = make('canvas');
    this.hint = make('p', { class: 'hint', text: 'Click here first, or hold Ctrl, to zoom with the wheel.' });
    this.node = make('div', { class: 'stage', tabindex: 0, role: 'application', label, 'aria-describedby': view.helpID },
      this.base, this.over, this.hint, make('div', { class: 'zoom' },
        button('+', () => this.zoom(1.5), 'Zoom in (+)', { label: 'Zoom in' }),
        button('−', () => this.zoom(1 / 1.5), 'Zoom out (−)', { label: 'Zoom out' }),
        button('Whole', () => this.showWhole(), 'Show all (0)')));
    for (const kind of gestures) {
      const heard = event => { if (!event.target.closest('.zoom')) this[kind](event, this.at(event)); };
      this.node.addEventListener(kind, heard, { passive: false });
    }
    for (const kind of ['focus', 'blur']) this.node.addEventListener(kind, () => this.queueMarks());
    this.sizing = new ResizeObserver(() => this.resize());
    this.sizing.observe(this.node);
  }

  dispose() {
    this.sizing.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
  }

  // Camera

  screen(x, y) { return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 + this.flip * (y - this.y) * this.scale]; }
  world([left, top]) { return [this.x + (left - this.width / 2) / this.scale, this.y + this.flip * (top - this.height / 2) / this.scale]; }
  placeOf(i) { return this.screen(this.index.x[i], this.index.y[i]); }
  onScreen(ring) { return ring.flatMap((value, i) => i % 2 ? [] : this.screen(value, ring[i + 1])); }

  /** What is seen of the world, and so much around it. */
  shown(more) { return around(this.x, this.y, this.width / 2 / this.scale + more, this.height / 2 / this.scale + more); }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.node;
    if (!width) return;
    Object.assign(this, { width, height, dense: Math.min(devicePixelRatio, 2) });
    if (this.isWhole) this.showWhole();
    else this.queue();
  }

  get wholeScale() {
    const { left, right, low, high } = this.box;
    return 0.92 * Math.min(this.width / (right - left || 1), this.height / (high - low || 1));
  }

  showWhole() {
    if (!this.box) return;
    const { left, right, low, high } = this.box;
    Object.assign(this, { x: (left + right) / 2, y: (low + high) / 2, scale: this.wholeScale, isWhole: true });
    this.queue();
  }

  /** What is at a place of the screen stays there. */
  zoom(factor, place = [this.width / 2, this.height / 2]) {
    if (!this.box) return;
    const [x, y] = this.world(place);
    this.scale = clamp(this.scale * factor, this.wholeScale * 0.7, Math.max(this.wholeScale, this.closest));
    const [left, top] = this.world(place);
    this.look(this.x + x - left, this.y + y - top);
  }

  drag(right, down) { this.look(this.x - right / this.scale, this.y - this.flip * down / this.scale); }

  look(x, y) {
    if (!this.box) return;
    const { left, right, low, high } = this.box;
    Object.assign(this, { x: clamp(x, left, right), y: clamp(y, low, high), isWhole: false, isMoving: true });
    clearTimeout(this.settling);
    this.settling = setTimeout(() => { this.isMoving = false; this.queue(); }, 150);
    this.queue();
  }

  /** Brings a place into sight. */
  reveal(i) {
    const [left, top] = this.placeOf(i);
    if (left < 0 || top < 0 || left > this.width || top > this.height) this.look(this.index.x[i], this.index.y[i]);
  }

  // Painting, on change only

  queue() {
    this.isStale = true;
    this.queueMarks();
  }

  queueMarks() {
    this.frame ||= requestAnimationFrame(time => {
      this.frame = 0;
      if (!this.dense || !this.index) return;
      if (this.isStale) {
        this.isStale = false;
        this.paint(time);
        Object.assign(this.node.dataset, { x: this.x, y: this.y, scale: this.scale });
      }
      this.paintMarks(this.cleared(this.over));
      this.view.cards.place();
    });
  }

  cleared(canvas) {
    const ink = canvas.getContext('2d'), width = Math.round(this.width * this.dense), height = Math.round(this.height * this.dense);
    if (canvas.width === width && canvas.height === height) ink.reset();
    else Object.assign(canvas, { width, height });
    ink.scale(this.dense, this.dense);
    return ink;
  }

  paintMarks(ink) {
    const { view, stroke, corners, width, height } = this, { mark, text } = view.theme;
    ink.strokeStyle = mark;
    for (const { polygon, on } of view.selection.steps) if (polygon && on === this.on) outline(ink, this.onScreen(polygon));
    for (const point of view.neighbours) this.ring(ink, point, 6, text, 1.5);
    this.ring(ink, view.pinned, 9, mark, 3);
    this.ring(ink, view.hovered, 8, text, 2);
    Object.assign(ink, { strokeStyle: mark, fillStyle: mark + '22', lineWidth: 1.5 });
    if (stroke?.tool === 'brush') {
      Object.assign(ink, { lineCap: 'round', lineJoin: 'round', lineWidth: 2 * brushRadius, globalAlpha: 0.3 });
      trace(ink, stroke.path);
      ink.stroke();
    } else {
      outline(ink, stroke ? this.strokeRing(stroke) : this.onScreen(corners));
      ink.fill('evenodd');
    }
    if (!this.node.matches('.stage:focus-visible:not(.pressed)')) return;
    Object.assign(ink, { fillStyle: text, globalAlpha: 1 });
    for (const [left, top] of [[-10, 0], [4, 0]]) {
      ink.fillRect(width / 2 + left, height / 2 + top, 7, 1);
      ink.fillRect(width / 2 + top, height / 2 + left, 1, 7);
    }
  }

  /** Around a point, with an edge in the colour of the ground, so that it is seen on any other. */
  ring(ink, point, radius, colour, width) {
    const i = this.indexOf(point);
    if (!(i >= 0)) return;
    ink.beginPath();
    this.shape(ink, ...this.placeOf(i), radius);
    for (const [lineWidth, strokeStyle] of [[width + 2, this.view.theme.ground], [width, colour]]) {
      Object.assign(ink, { lineWidth, strokeStyle });
      ink.stroke();
    }
  }

  // Mouse and touch

  at(event) {
    const { left, top } = this.node.getBoundingClientRect();
    return [event.clientX - left - this.node.clientLeft, event.clientY - top - this.node.clientTop];
  }

  pointerdown(event, place) {
    if (event.button) return;
    // Otherwise the notebook takes the focus, and with it the keys.
    event.preventDefault();
    this.node.focus({ preventScroll: true });
    this.node.classList.add('pressed');
    this.node.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, place);
    const isOnly = this.pointers.size === 1, tool = event.shiftKey ? 'lasso' : this.view.tool;
    this.press = isOnly && place;
    this.stroke = isOnly && tool !== 'pan' && { tool, path: place };
  }

  pointermove(event, place) {
    const { pointers, press, stroke } = this, before = pointers.get(event.pointerId);
    if (!before) return event.pointerType !== 'touch' && this.hover(this.hit(place, 12));
    if (press && distance(place, press) < 4) return;
    if (press) this.hover(-1);
    this.press = null;
    pointers.set(event.pointerId, place);
    if (stroke) {
      // Moves between two frames come together; without them a quick lasso would have few corners.
      const moves = (event.getCoalescedEvents?.() ?? []).flatMap(move => this.at(move));
      stroke.path = stroke.tool === 'rectangle' ? [...stroke.path.slice(0, 2), ...place] : [...stroke.path, ...moves, ...place];
      return this.queueMarks();
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1], share = other ? 2 : 1;
    if (other) {
      const middle = [(place[0] + other[0]) / 2, (place[1] + other[1]) / 2];
      this.zoom((distance(place, other) || 1) / (distance(before, other) || 1), middle);
    }
    this.drag((place[0] - before[0]) / share, (place[1] - before[1]) / share);
  }

  pointerup(event, place) {
    const { stroke, press, view } = this, i = press ? this.hit(place, event.pointerType === 'touch' ? 22 : 12) : -1;
    if (!this.pointers.delete(event.pointerId)) return;
    this.stroke = null;
    if (i >= 0 && (event.shiftKey || event.ctrlKey || event.metaKey)) view.selection.toggle(this.pointOf(i));
    else if (i >= 0) view.pin(this.pointOf(i));
    else if (stroke && !press) this.select(simplified(this.strokeRing(stroke), 0.7));
    this.queueMarks();
  }

  pointercancel(event) {
    this.pointers.delete(event.pointerId);
    this.stroke = null;
    this.queueMarks();
  }

  pointerleave() { if (!this.pointers.size) this.hover(-1); }
  dblclick() { this.showWhole(); }

  wheel(event, place) {
    const isOurs = document.activeElement === this.node || event.ctrlKey || event.metaKey;
    this.hint.classList.toggle('shown', !isOurs);
    clearTimeout(this.hinting);
    this.hinting = setTimeout(() => this.hint.classList.remove('shown'), 1500);
    if (!isOurs) return;
    event.preventDefault();
    this.zoom(Math.exp(-clamp(event.deltaY * (event.deltaMode ? 30 : 1), -300, 300) / 400), place);
  }

  strokeRing({ tool, path }) {
    const [x0, y0, x1 = x0, y1 = y0] = path;
    return tool === 'brush' ? brushOutline(path, brushRadius) : tool === 'lasso' ? path : [x0, y0, x1, y0, x1, y1, x0, y1];
  }

  /** A ring of the screen as a step of the selection, no finer than a quarter of a pixel. */
  select(ring) {
    if (ring.length < 6) return;
    const digits = clamp(Math.ceil(Math.log10(4 * this.scale)), 0, 12);
    const polygon = ring.flatMap((left, i) => i % 2 ? [] : this.world([left, ring[i + 1]]).map(value => Number(value.toFixed(digits))));
    this.view.selection.add({ on: this.on, polygon });
  }

  hit(place, reach) { return this.index ? this.index.nearest(...this.world(place), reach / this.scale) : -1; }

  hover(i) {
    this.cursor = i;
    this.view.hover(i < 0 ? -1 : this.pointOf(i), this);
  }

  // Keys

  keydown(event) {
    this.node.classList.remove('pressed');
    if (event.ctrlKey || event.metaKey || !this.index) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const action = {
      '+': () => this.zoom(1.5), '=': () => this.zoom(1.5), '-': () => this.zoom(1 / 1.5), 0: () => this.showWhole(),
      n: () => this.walk(1), p: () => this.walk(-1), ' ': () => this.corner(), Enter: () => this.enter(),
      Escape: this.corners.length && (() => { this.corners = []; }),
    }[event.key];
    if (arrow) event.altKey ? this.step(...arrow) : this.drag(-60 * arrow[0], -60 * arrow[1]);
    else if (action) action();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.queueMarks();
  }

  corner() {
    this.corners = [...this.corners, this.x, this.y];
    this.view.say(`Corner ${this.corners.length / 2}. Enter closes the lasso from three corners on; Escape gives it up.`);
  }

  enter() {
    const ring = this.onScreen(this.corners);
    if (ring.length > 4) {
      this.corners = [];
      this.select(ring);
    } else if (this.cursor >= 0) {
      this.view.pin(this.pointOf(this.cursor));
    } else {
      this.walk(1);
    }
  }

  /** From place to place of what is seen, by their distance from its middle. */
  walk(by) {
    const { x, y, scale, index } = this, key = String([x, y, scale]), away = i => Math.hypot(index.x[i] - x, index.y[i] - y);
    if (this.walked?.key !== key) {
      let found = [];
      for (let reach = 20 / scale; found.length < 200 && reach < 2000 / scale; reach *= 2) {
        found = [];
        index.visit(around(x, y, reach, reach), i => found.push(i));
      }
      this.walked = { key, found: found.sort((a, b) => away(a) - away(b)), at: by > 0 ? -1 : 0 };
    }
    const { found, at } = this.walked;
    if (!found.length) return this.view.say('Nothing is in sight here.');
    this.walked.at = (at + by + found.length) % found.length;
    this.hover(found[this.walked.at]);
  }

  /** To the next place in a direction, no farther aside than ahead. */
  step(across, down) {
    const { cursor, index: { x, y } } = this, ahead = (dx, dy) => dx * across + this.flip * dy * down;
    if (cursor < 0) return this.walk(1);
    const cost = (dx, dy) => ahead(dx, dy) > 0 && 2 * ahead(dx, dy) >= Math.abs(dx) + Math.abs(dy) ? Math.abs(dx) + Math.abs(dy) : Infinity;
    for (let reach = 20 / this.scale, i = -1; i < 0 && reach < 4000 / this.scale; reach *= 2) {
      i = this.index.nearest(x[cursor], y[cursor], reach, cost);
      if (i < 0) continue;
      this.reveal(i);
      this.hover(i);
    }
  }
}
