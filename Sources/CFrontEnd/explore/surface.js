const tools = [['pan', 'Pan', 'm'], ['lasso', 'Lasso', 'l'], ['rectangle', 'Rectangle', 'r'], ['brush', 'Brush', 'b']];
const brushRadius = 14;

/**
 * What the map and the slide have in common: a camera, the gestures of mouse, touch and keys, and the tools that select.
 * `flip` is −1 where y grows upwards. A subclass paints, and says which point is the i-th place of its `index`.
 */
class Surface {
  constructor(view, label, flip) {
    Object.assign(this, { view, flip, x: 0, y: 0, scale: 1, width: 1, height: 1, dense: 1, isWhole: true, isMoving: false });
    Object.assign(this, { index: null, stroke: null, corners: [], pointers: new Map(), box: null, closest: 4000 });
    this.base = make('canvas');
    this.over = make('canvas', { class: 'over' });
    this.hint = make('p', { class: 'hint', hidden: true });
    this.node = make('div', {
      class: 'stage', tabindex: 0, role: 'application', 'aria-label': label, 'aria-describedby': view.helpID,
    }, this.base, this.over, this.hint);
    for (const kind of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel', 'pointerleave', 'dblclick', 'keydown']) {
      this.node.addEventListener(kind, event => this[kind](event));
    }
    this.node.addEventListener('wheel', event => this.wheel(event), { passive: false });
    this.node.addEventListener('focus', () => this.queueMarks());
    this.node.addEventListener('blur', () => this.queueMarks());
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(this.node);
  }

  dispose() {
    this.resizing.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
  }

  // Where things are

  screen(x, y) { return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 + this.flip * (y - this.y) * this.scale]; }
  world(left, top) { return [this.x + (left - this.width / 2) / this.scale, this.y + this.flip * (top - this.height / 2) / this.scale]; }
  placeOf(i) { return this.screen(this.index.x[i], this.index.y[i]); }

  shown() {
    const across = this.width / 2 / this.scale, up = this.height / 2 / this.scale;
    return { left: this.x - across, right: this.x + across, low: this.y - up, high: this.y + up };
  }

  resize() {
    const { clientWidth, clientHeight } = this.node;
    if (!clientWidth || !clientHeight) return;
    Object.assign(this, { width: clientWidth, height: clientHeight, dense: Math.min(devicePixelRatio || 1, 2) });
    this.isWhole ? this.showWhole() : this.queue();
  }

  wholeScale() {
    const { left, right, low, high } = this.box;
    return 0.92 * Math.min(this.width / (right - left || 1), this.height / (high - low || 1));
  }

  showWhole() {
    if (!this.box) return;
    const { left, right, low, high } = this.box;
    Object.assign(this, { x: (left + right) / 2, y: (low + high) / 2, scale: this.wholeScale(), isWhole: true });
    this.queue();
  }

  /** What is at (left, top) stays there. */
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    if (!this.box) return;
    const [x, y] = this.world(left, top), least = this.wholeScale();
    this.scale = clamp(this.scale * factor, least * 0.7, Math.max(least, this.closest));
    const [after, up] = this.world(left, top);
    this.move(after - x, up - y);
  }

  /** By so much of the world; something of it stays in sight. */
  move(x, y) {
    if (!this.box) return;
    this.x = clamp(this.x - x, this.box.left, this.box.right);
    this.y = clamp(this.y - y, this.box.low, this.box.high);
    this.isWhole = false;
    this.moved();
  }

  moved() {
    this.isMoving = true;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => { this.isMoving = false; this.queue(); }, 150);
    this.queue();
  }

  centre(i) {
    [this.x, this.y] = [this.index.x[i], this.index.y[i]];
    this.isWhole = false;
    this.moved();
  }

  // Painting, on change only

  queue() { this.isStale = true; this.queueMarks(); }

  queueMarks() {
    this.frame ??= requestAnimationFrame(time => {
      this.frame = null;
      if (this.isStale) {
        this.isStale = false;
        this.paint(time);
        Object.assign(this.node.dataset, { x: this.x, y: this.y, scale: this.scale });
      }
      this.paintMarks();
    });
  }

  paintMarks() {
    const ink = this.ready(this.over), { theme } = this.view;
    this.marks(ink);
    ink.lineWidth = 1.5;
    ink.strokeStyle = theme.mark;
    ink.fillStyle = theme.mark + '22';
    const path = this.stroke ? this.strokeRing() : this.corners.flatMap(([x, y]) => this.screen(x, y));
    if (this.stroke && this.stroke.tool === 'brush') {
      ink.lineJoin = ink.lineCap = 'round';
      ink.lineWidth = 2 * brushRadius;
      ink.strokeStyle = theme.mark + '44';
      this.trace(ink, this.stroke.path, false);
      ink.stroke();
    } else if (path.length) {
      this.trace(ink, path, Boolean(this.stroke));
      ink.fill('evenodd');
      ink.stroke();
      for (const [x, y] of this.corners) ink.strokeRect(this.screen(x, y)[0] - 3, this.screen(x, y)[1] - 3, 6, 6);
    }
    if (this.node.matches(':focus-visible')) {
      ink.lineWidth = 1;
      ink.strokeStyle = theme.text;
      ink.beginPath();
      for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        ink.moveTo(this.width / 2 + 3 * x, this.height / 2 + 3 * y);
        ink.lineTo(this.width / 2 + 10 * x, this.height / 2 + 10 * y);
      }
      ink.stroke();
    }
  }

  ready(canvas) {
    const width = Math.round(this.width * this.dense), height = Math.round(this.height * this.dense);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const ink = canvas.getContext('2d');
    ink.setTransform(this.dense, 0, 0, this.dense, 0, 0);
    ink.clearRect(0, 0, this.width, this.height);
    return ink;
  }

  trace(ink, ring, isClosed = true) {
    ink.beginPath();
    for (let i = 0; i < ring.length; i += 2) ink.lineTo(ring[i], ring[i + 1]);
    if (ring.length === 2) ink.lineTo(ring[0] + 0.01, ring[1]);
    if (isClosed) ink.closePath();
  }

  ring(ink, [x, y], radius, colour, width = 2) {
    for (const [line, style] of [[width + 2, this.view.theme.ground], [width, colour]]) {
      ink.beginPath();
      ink.arc(x, y, radius, 0, 7);
      ink.lineWidth = line;
      ink.strokeStyle = style;
      ink.stroke();
    }
  }

  /** The rings of what was selected here, thin, so that one sees what a selection was made by. */
  outlines(ink, steps, on) {
    ink.lineWidth = 1;
    ink.strokeStyle = this.view.theme.mark;
    for (const { polygon } of steps.filter(step => step.on === on && step.polygon)) {
      const ring = [];
      for (let i = 0; i < polygon.length; i += 2) ring.push(...this.screen(polygon[i], polygon[i + 1]));
      this.trace(ink, ring);
      ink.stroke();
    }
  }

  // Mouse and touch

  at(event) {
    const box = this.node.getBoundingClientRect();
    return [event.clientX - box.left - this.node.clientLeft, event.clientY - box.top - this.node.clientTop];
  }

  pointerdown(event) {
    if (event.button !== 0 || event.target.closest('button, .card')) return;
    // A focus of ours is not moved by the notebook, which would take the keys; nor is text selected.
    event.preventDefault();
    this.node.focus({ preventScroll: true, focusVisible: false });
    const place = this.at(event);
    this.node.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, place);
    this.press = { place, isClick: this.pointers.size === 1 };
    const tool = event.shiftKey ? 'lasso' : this.view.tool;
    this.stroke = tool !== 'pan' && this.pointers.size === 1 ? { tool, path: [...place] } : null;
    this.queueMarks();
  }

  pointermove(event) {
    const place = this.at(event), before = this.pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch' && !event.target.closest('.card')) this.hover(this.nearest(place, 12));
      return;
    }
    if (this.press.isClick && Math.hypot(place[0] - this.press.place[0], place[1] - this.press.place[1]) > 3) {
      this.press.isClick = false;
      this.hover(-1);
    }
    if (this.press.isClick) return;
    if (this.stroke) {
      const { path, tool } = this.stroke;
      if (tool === 'rectangle') path.splice(2, 2, ...place);
      // The browser holds back moves between two frames: a quick lasso would have few corners.
      else for (const move of event.getCoalescedEvents?.().concat(event) ?? [event]) {
        const [x, y] = this.at(move);
        if (Math.hypot(x - path.at(-2), y - path.at(-1)) > 1.5) path.push(x, y);
      }
      this.pointers.set(event.pointerId, place);
      return this.queueMarks();
    }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, where]) => where);
    this.pointers.set(event.pointerId, place);
    if (others.length) {
      const [other] = others, length = where => Math.hypot(where[0] - other[0], where[1] - other[1]);
      this.zoom(length(place) / Math.max(length(before), 1), (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
    }
    const share = others.length ? 2 : 1;
    this.move((place[0] - before[0]) / this.scale / share, this.flip * (place[1] - before[1]) / this.scale / share);
  }

  pointerup(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    const { stroke, press } = this;
    this.stroke = null;
    if (press.isClick) {
      const i = this.nearest(press.place, event.pointerType === 'touch' ? 22 : 12);
      if (i >= 0 && (event.shiftKey || event.ctrlKey || event.metaKey)) this.view.selection.toggle(this.pointOf(i));
      else if (i >= 0) this.view.pin(this.pointOf(i));
    } else if (stroke) {
      this.stroke = stroke;
      const ring = this.strokeRing();
      this.stroke = null;
      this.select(simplified(ring, 0.7));
    }
    this.queueMarks();
  }

  pointercancel(event) {
    this.pointers.delete(event.pointerId);
    this.stroke = null;
    this.queueMarks();
  }

  pointerleave() { if (!this.pointers.size) this.hover(-1); }
  dblclick(event) { if (!event.target.closest('button, .card')) this.showWhole(); }

  wheel(event) {
    if (event.target.closest('.card')) return;
    if (document.activeElement !== this.node && !event.ctrlKey && !event.metaKey) {
      return this.tell('Click here first, or hold Ctrl, to zoom with the wheel.');
    }
    event.preventDefault();
    this.tell('');
    this.zoom(Math.exp(-clamp(event.deltaY * (event.deltaMode ? 30 : 1), -300, 300) * 0.0025), ...this.at(event));
  }

  tell(text) {
    this.hint.textContent = text;
    this.hint.hidden = !text;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => { this.hint.hidden = true; }, 1800);
  }

  strokeRing() {
    const { tool, path } = this.stroke, [x0, y0, x1, y1] = path;
    if (tool === 'rectangle') return path.length < 4 ? [] : [x0, y0, x1, y0, x1, y1, x0, y1];
    return tool === 'brush' ? brushOutline(path, brushRadius) : path;
  }

  /** A ring of the screen becomes a step of the selection; no finer than a quarter of a pixel. */
  select(ring) {
    if (ring.length < 6) return;
    const digits = clamp(Math.ceil(Math.log10(4 * this.scale)), 0, 12), polygon = [];
    for (let i = 0; i < ring.length; i += 2) {
      polygon.push(...this.world(ring[i], ring[i + 1]).map(value => Number(value.toFixed(digits))));
    }
    this.view.selection.add({ on: this.on, polygon });
  }

  nearest([left, top], reach) {
    if (!this.index?.isReady) return -1;
    return this.index.best(...this.world(left, top), reach / this.scale);
  }

  hover(i) {
    this.cursor = i;
    this.view.hover(i < 0 ? -1 : this.pointOf(i), this);
  }

  // Keys

  keydown(event) {
    if (event.target !== this.node || event.ctrlKey || event.metaKey) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const actions = {
      '+': () => this.zoom(1.4), '=': () => this.zoom(1.4), '-': () => this.zoom(1 / 1.4), 0: () => this.showWhole(),
      n: () => this.walk(1), p: () => this.walk(-1), ' ': () => this.corner(), Enter: () => this.enter(),
    };
    if (arrow && event.altKey) this.step(...arrow);
    else if (arrow) this.move(-arrow[0] * 60 / this.scale, -this.flip * arrow[1] * 60 / this.scale);
    else if (actions[event.key] && !event.altKey) actions[event.key]();
    else if (event.key === 'Escape' && this.corners.length) this.corners = [];
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.queueMarks();
  }

  corner() {
    this.corners.push([this.x, this.y]);
    this.view.say(`Corner ${this.corners.length}. Enter closes the lasso from three corners on; Escape gives it up.`);
  }

  enter() {
    if (this.corners.length > 2) {
      const ring = this.corners.flatMap(([x, y]) => this.screen(x, y));
      this.corners = [];
      this.select(ring);
    } else if (this.cursor >= 0) {
      this.view.pin(this.pointOf(this.cursor));
    } else {
      this.walk(1);
    }
  }

  /** From point to point of what is seen, by their distance from its middle. */
  walk(by) {
    if (!this.index?.isReady) return;
    if (this.walked?.x !== this.x || this.walked.y !== this.y || this.walked.scale !== this.scale) {
      const found = [], away = i => Math.hypot(this.index.x[i] - this.x, this.index.y[i] - this.y);
      for (let reach = 30 / this.scale; found.length < 200 && reach < this.width * 2 / this.scale; reach *= 2) {
        found.length = 0;
        this.index.visit({ left: this.x - reach, right: this.x + reach, low: this.y - reach, high: this.y + reach }, i => found.push(i));
      }
      found.sort((a, b) => away(a) - away(b));
      this.walked = { found: found.slice(0, 1000), at: by > 0 ? -1 : 0, x: this.x, y: this.y, scale: this.scale };
    }
    const { found } = this.walked;
    if (!found.length) return this.view.say('Nothing is in sight here.');
    this.walked.at = (this.walked.at + by + found.length) % found.length;
    this.hover(found[this.walked.at]);
  }

  /** To the next point in a direction, which is brought into sight. */
  step(across, down) {
    if (!(this.cursor >= 0)) return this.walk(1);
    const [x, y] = [this.index.x[this.cursor], this.index.y[this.cursor]];
    for (let reach = 30 / this.scale; reach < 4 * this.width / this.scale; reach *= 3) {
      const found = this.index.best(x, y, reach, (dx, dy) => {
        const along = dx * across + this.flip * dy * down, aside = Math.abs(dx * down) + Math.abs(dy * across);
        return along > 0 && aside <= along ? Math.hypot(along, 2 * aside) : Infinity;
      });
      if (found < 0) continue;
      const [left, top] = this.placeOf(found);
      if (left < 0 || top < 0 || left > this.width || top > this.height) this.centre(found);
      return this.hover(found);
    }
  }
}
