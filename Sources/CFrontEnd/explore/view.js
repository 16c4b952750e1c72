const themes = {
  light: { mark: '#0b57d0', text: '#1f2328', ground: '#ffffff', grey: '#c3c8ce', plain: '#3b6ea5', paper: '#f3f4f6' },
  dark: { mark: '#8ab4f8', text: '#e6e9ed', ground: '#16191d', grey: '#4d545c', plain: '#7fb0e0', paper: '#2b3036' },
};
let viewCount = 0;

/** One view in one element: it holds the parts together, and talks with the kernel. */
class View {
  constructor(host, el) {
    Object.assign(this, { host, tool: 'pan', hovered: -1, pinned: -1, neighbours: [], isGone: false, isDisposed: false });
    this.goneText = 'The kernel is gone: run the cell again.';
    this.helpID = `tessera-help-${++viewCount}`;
    this.root = make('div', { class: 'tessera-view', onkeydown: event => this.keydown(event) });
    this.status = make('p', { class: 'status', role: 'status', 'aria-live': 'polite', text: 'Waiting for the map…' });
    this.root.append(this.status);
    el.append(this.root);
    this.follow();
    host.onDisconnect?.(() => this.lost());
    host.on?.('waiting', () => this.say('A cell runs; this is done as soon as it ends…'));
  }

  async start() {
    const answer = await this.ask({ do: 'open' });
    if (!answer) return;
    const { content, buffers: [x, y, slide, selected] } = answer;
    Object.assign(this, { open: content, count: content.count, x: new Float32Array(x), y: new Float32Array(y), slide: new Uint16Array(slide) });
    this.colours = new Colours(this);
    this.selection = new Selection(this);
    this.map = new TileMap(this);
    this.cards = new TileCards(this);
    this.slides = content.isFrozen ? null : new SlidePanel(this);
    this.layOut();
    this.say('');
    this.fit();
    if (content.selected && selected) {
      this.selection.steps = [{ mode: 'new', on: 'given' }];
      this.selection.ask();
    }
    await this.colours.show(content.colouring || null);
    this.slides?.show(0);
    if (this.host.isConnected === false) this.lost();
  }

  layOut() {
    const { open, colours, selection, map, slides, cards, root } = this;
    this.toolset = choice(this, 'Tools', tools.map(([value, text, key]) => [value, text, `${text} (${key})`]), () => this.tool, tool => this.take(tool));
    this.help = helpDialog(this.helpID);
    const label = (text, ...nodes) => make('label', {}, make('span', { text }), ...nodes);
    const bar = make('div', { class: 'bar', role: 'toolbar', 'aria-label': 'View' },
      label('Colour', colours.menu, colours.feature), colours.search, this.toolset, selection.modes, selection.within,
      make('div', { class: 'choice' }, selection.undoer, selection.clearer),
      button('?', () => this.help.showModal(), { 'aria-label': 'Help', title: 'Keys and gestures (?)', class: 'help' }));
    for (const node of [colours.menu, colours.feature, selection.within, ...this.toolset.children].slice(0)) node.dataset.needsKernel = '';
    const stages = make('div', { class: 'stages' },
      make('section', { class: 'mapped' }, map.node, cards.pinned, colours.legend), ...slides ? [slides.node] : []);
    root.replaceChildren(make('header', {}, make('h3', { text: open.title }), make('p', { class: 'soft', text: open.caption })),
      bar, stages, this.status, selection.panel, this.help);
    if (!open.pictures && open.picturesNote) stages.after(make('p', { class: 'soft', text: open.picturesNote }));
    for (const surface of [map, slides?.surface]) {
      surface?.node.append(make('div', { class: 'zoom' }, button('+', () => surface.zoom(1.5), { 'aria-label': 'Zoom in', title: 'Zoom in (+)' }),
        button('−', () => surface.zoom(1 / 1.5), { 'aria-label': 'Zoom out', title: 'Zoom out (−)' }),
        button('Whole', () => surface.showWhole(), { title: 'Show all (0)' })));
    }
    this.sizing = new ResizeObserver(() => this.fit());
    this.sizing.observe(root);
    this.take('pan');
  }

  fit() {
    this.isNarrow = this.root.clientWidth < 700;
    this.root.classList.toggle('narrow', this.isNarrow);
  }

  take(tool) {
    this.tool = tool;
    this.root.dataset.tool = tool;
    this.toolset.press();
  }

  // The kernel

  /** An answer, or null with the reason shown. */
  async ask(content) {
    if (this.isGone) return null;
    try {
      const answer = await this.host.ask(content);
      return this.isDisposed ? null : answer;
    } catch (error) {
      if (error.gone) this.lost();
      else if (!this.isDisposed) this.say(error.message, true);
      return null;
    }
  }

  lost() {
    if (this.isGone || this.isDisposed) return;
    this.isGone = true;
    this.root.dataset.gone = '';
    for (const node of this.root.querySelectorAll('[data-needs-kernel]')) node.disabled = true;
    if (this.toolset) this.take('pan');
    this.say(this.goneText, true);
  }

  say(text, isError = false) {
    this.status.textContent = text;
    this.status.classList.toggle('error', isError);
  }

  // What is pointed at

  queueMarks() {
    this.map.queueMarks();
    this.slides?.surface.queueMarks();
  }

  hover(point, surface) {
    if (point === this.hovered && point < 0) return;
    this.hovered = point;
    this.cards.show(point, surface);
    this.queueMarks();
  }

  /** A ring without a card, for a tile whose picture is seen already. */
  ring(point) {
    this.hovered = point;
    this.queueMarks();
  }

  pin(point) {
    this.pinned = point;
    this.neighbours = [];
    this.cards.pin(point);
    if (point >= 0) this.slides?.show(this.slide[point], point);
    this.queueMarks();
  }

  /** Pictures of tiles as buttons: the pointer over one rings it on the map, a click pins it. */
  async strip(points, side, titled = () => '') {
    const answer = this.open.pictures ? await this.ask({ do: 'tiles', points, side: 96 }) : null, jpegs = answer?.buffers.values();
    return make('div', { class: 'strip' }, ...points.map((point, place) => {
      const name = `${this.open.slides[this.slide[point]]?.name}, ${titled(place) || 'tile'}`;
      const has = answer?.content.has[place], ring = () => this.ring(point), end = () => this.ring(-1);
      return make('button', { type: 'button', title: name, onclick: () => this.pin(point), onpointerenter: ring, onpointerleave: end, onfocus: ring, onblur: end },
        picture(has ? jpegs.next().value : null, side, name));
    }));
  }

  // Keys and theme

  keydown(event) {
    // Keys with Ctrl and the like are the notebook's own.
    if (event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    const tool = tools.find(([, , key]) => key === event.key), isStage = event.target.classList.contains('stage');
    if (event.key === 'Escape' && this.pinned >= 0 && !this.help.open) this.pin(-1);
    else if (isStage && event.key === '?') this.help.showModal();
    else if (isStage && tool && !(this.isGone && tool[0] !== 'pan')) this.take(tool[0]);
    else return;
    event.preventDefault();
  }

  /** Follows the theme of the notebook, or of the system. */
  follow() {
    const look = () => {
      const dark = isDark(this.root.parentElement);
      if (dark === this.isDark) return;
      this.isDark = dark;
      this.theme = themes[dark ? 'dark' : 'light'];
      this.root.dataset.theme = dark ? 'dark' : 'light';
      this.colours?.paint();
    };
    look();
    this.themed = new MutationObserver(() => setTimeout(look, 60));
    for (const node of [document.documentElement, document.body]) this.themed.observe(node, { attributes: true });
    this.system = matchMedia('(prefers-color-scheme: dark)');
    this.system.addEventListener('change', look);
    this.look = look;
  }

  dispose() {
    this.isDisposed = true;
    this.themed.disconnect();
    this.system.removeEventListener('change', this.look);
    this.sizing?.disconnect();
    this.map?.dispose();
    this.slides?.dispose();
    this.root.remove();
  }
}

const helpLines = [
  ['Drag', 'moves the picture; with a tool, or with Shift, it selects'],
  ['Wheel', 'zooms after a click into the picture, or with Ctrl; two fingers do, too'],
  ['Double click, 0', 'shows all'], ['Click, Enter', 'pins a tile; Escape unpins it'],
  ['Ctrl or Shift + click', 'selects a tile, or takes it out'], ['Arrows, + and −', 'move and zoom'],
  ['n, p', 'go from point to point, from the middle on'], ['Alt + arrows', 'go to the next point in that direction'],
  ['m, l, r, b', 'take the tools Pan, Lasso, Rectangle and Brush'],
  ['Space', 'sets a corner of a lasso at the cross in the middle; Enter closes it'], ['?', 'shows this help'],
];

function helpDialog(id) {
  const list = make('dl');
  for (const [keys, text] of helpLines) list.append(make('dt', { text: keys }), make('dd', { text }));
  const dialog = make('dialog', { 'aria-label': 'Keys and gestures' }, make('h4', { text: 'Keys and gestures' }), list,
    make('p', { id, hidden: true, text: 'Arrows move, plus and minus zoom, n and p go from point to point, Enter pins, question mark shows all keys.' }),
    button('Close', () => dialog.close(), { class: 'main' }));
  return dialog;
}

/** Shows a view in an element; what is given back ends it. */
export function render({ host, el }) {
  const view = new View(host, el);
  view.start();
  return () => view.dispose();
}
