const goneText = 'The kernel is gone: run the cell again.';
const themes = [
  { mark: '#0b57d0', text: '#1f2328', ground: '#ffffff', grey: '#c3c8ce', plain: '#3b6ea5', paper: '#f3f4f6' },
  { mark: '#8ab4f8', text: '#e6e9ed', ground: '#16191d', grey: '#4d545c', plain: '#7fb0e0', paper: '#2b3036', isDark: true },
];
const helpLines = [
  ['Drag', 'moves the picture; with a tool, or with Shift, it selects'],
  ['Wheel', 'zooms after a click into the picture, or with Ctrl; two fingers do, too'],
  ['Double click, 0', 'shows all'], ['Click, Enter', 'pins a tile; Escape unpins it'],
  ['Ctrl or Shift + click', 'selects a tile, or takes it out'], ['Arrows, + and −', 'move and zoom'],
  ['n, p', 'go from point to point, from the middle on'], ['Alt + arrows', 'go to the next point in a direction'],
  ['m, l, r, b', 'take the tools Pan, Lasso, Rectangle and Brush'],
  ['Space', 'sets a corner of a lasso at the cross in the middle; Enter closes it'], ['?', 'shows this help'],
];
let viewCount = 0;

/** One view in an element: it holds the parts together, and talks with the kernel. */
class View {
  constructor(host, el) {
    Object.assign(this, { host, tool: 'pan', hovered: -1, pinned: -1, neighbours: [], isGone: false });
    this.helpID = `tessera-help-${++viewCount}`;
    this.status = make('p', { class: 'status', role: 'status', text: 'Waiting for the map…' });
    this.spoken = make('p', { class: 'spoken', 'aria-live': 'polite' });
    this.root = make('div', { class: 'tessera-view', onkeydown: event => this.keydown(event) }, this.status, this.spoken);
    el.append(this.root);
    this.watched = [new MutationObserver(() => setTimeout(() => this.follow(), 50)), new ResizeObserver(() => this.fit())];
    for (const node of [document.documentElement, document.body]) this.watched[0].observe(node, { attributes: true });
    this.watched[1].observe(this.root);
    this.system = matchMedia('(prefers-color-scheme: dark)');
    this.system.onchange = () => this.follow();
    this.follow();
    host.onDisconnect(() => this.lose());
  }

  async start() {
    const answer = await this.ask({ do: 'open' });
    if (!answer) return;
    const { content, buffers: [x, y, slide, given] } = answer;
    Object.assign(this, { open: content, count: content.count });
    Object.assign(this, { x: new Float32Array(x), y: new Float32Array(y), slide: new Uint16Array(slide) });
    this.colours = new Colours(this);
    this.selection = new Selection(this);
    this.map = new TileMap(this);
    this.cards = new TileCards(this);
    this.slides = content.isFrozen ? null : new SlidePanel(this);
    this.layOut();
    if (content.selected) this.selection.change([{ mode: 'new', on: 'given' }], unpacked(given, this.count));
    await this.colours.show(content.colouring || '');
    // The first of the strip has most of what is selected.
    this.slides?.show(content.slideShown ?? this.slides.buttons.keys().next().value);
    if (!this.host.isConnected) this.lose();
  }

  layOut() {
    const { open, colours, selection, map, slides, cards, root } = this, help = this.help = this.helpDialog();
    const choices = tools.map(([value, text, key]) => [value, text, `${text} (${key})`]);
    this.toolset = choice('Tools', choices, () => this.tool, tool => { this.tool = root.dataset.tool = tool; });
    root.replaceChildren(
      make('header', {}, make('div', {}, make('h3', { text: open.title }), soft(open.caption)),
        button('?', () => help.showModal(), 'Keys and gestures (?)', { label: 'Help' })),
      make('div', { class: 'bar', role: 'toolbar', label: 'View' },
        make('label', {}, 'Colour ', colours.menu), colours.feature, colours.search, this.toolset, selection.modes,
        selection.within, group('Steps', selection.undoer, selection.clearer)),
      this.status,
      make('div', { class: 'stages' },
        make('section', { class: 'mapped', label: 'Map' }, map.node, colours.legend, cards.pinned), slides?.node ?? ''),
      soft(open.pictures ? '' : open.picturesNote || ''),
      soft(open.isFrozen ? 'A saved view: slides, features and keeping a selection need the notebook.' : ''), this.spoken, selection.panel, help);
    root.dataset.tool = 'pan';
    this.say('');
    this.fit();
  }

  helpDialog() {
    const lines = helpLines.flatMap(([keys, text]) => [make('dt', { text: keys }), make('dd', { text })]);
    const short = 'Arrows move, plus and minus zoom, n and p go from point to point, Enter pins, question mark shows all keys.';
    const dialog = make('dialog', { label: 'Keys and gestures' }, make('h4', { text: 'Keys and gestures' }), make('dl', {}, ...lines),
      make('p', { id: this.helpID, hidden: '', text: short }), button('Close', () => dialog.close(), '', { class: 'main' }));
    return dialog;
  }

  fit() {
    this.root.classList.toggle('narrow', this.root.clientWidth < 700);
    // Only now it may be in the page.
    this.follow();
  }

  // The kernel

  /** An answer, or null; the reason is shown, or told, unless nobody waits for the answer any more. */
  async ask(content, isWanted = () => true, tell = reason => this.say(reason, true)) {
    try {
      const answer = this.isGone ? null : await this.host.ask(content);
      return this.isDisposed ? null : answer;
    } catch (error) {
      if (error.gone) this.lose();
      else if (isWanted()) tell(error.message);
      return null;
    }
  }

  lose() {
    this.isGone = true;
    this.root.dataset.gone = '';
    this.root.querySelectorAll('[data-live]').forEach(node => { node.disabled = true; });
    this.selection?.enable();
    this.say(goneText, true);
  }

  say(text, isError = false) {
    this.status.textContent = text;
    this.status.classList.toggle('error', isError);
  }

  /** To those who listen and do not see. */
  speak(text) { this.spoken.textContent = text; }

  /** For measurements, the newest of a kind. */
  mark(name, detail) {
    performance.clearMarks(name);
    performance.mark(name, { detail });
  }

  // What is pointed at

  queueMarks() {
    this.map.queueMarks();
    this.slides?.surface.queueMarks();
  }

  hover(point, surface) {
    if (point < 0 && this.hovered < 0) return;
    this.hovered = point;
    this.cards.show(point, surface);
    this.queueMarks();
  }

  pin(point) {
    this.pinned = point;
    this.neighbours = [];
    this.cards.pin(point);
    if (point >= 0) this.slides?.show(this.slide[point], point);
    this.queueMarks();
  }

  /** Pictures of tiles as buttons: one that is pointed at is ringed, one that is clicked is pinned. */
  async strip(points, told = () => 'tile') {
    const answer = this.open.pictures ? await this.ask({ do: 'tiles', points, side: 96 }) : null, jpegs = answer?.buffers.values();
    const ring = point => () => { this.hovered = point; this.queueMarks(); };
    return make('div', { class: 'strip' }, ...points.map((point, place) => {
      const name = `${this.open.slides[this.slide[point]].name}, ${told(place)}`, node = button('', () => this.pin(point), name, {
        onpointerenter: ring(point), onfocus: ring(point), onpointerleave: ring(-1), onblur: ring(-1) });
      node.append(picture(answer?.content.has[place] && jpegs.next().value, name));
      return node;
    }));
  }

  // Keys and theme

  keydown(event) {
    const { key, target, ctrlKey, metaKey } = event, tool = tools.find(each => each[2] === key), isStage = target.matches('.stage');
    // With Ctrl they are the notebook's own.
    if (ctrlKey || metaKey) return;
    event.stopPropagation();
    if (key === 'Escape' && this.pinned >= 0 && !this.help.open) this.pin(-1);
    else if (isStage && key === '?') this.help.showModal();
    else if (isStage && tool) [...this.toolset.children].find(node => node.dataset.value === tool[0]).click();
    else return;
    event.preventDefault();
  }

  /** The theme of the notebook, by the first ground behind the view that is not transparent, or else of the system. */
  follow() {
    let isDark = this.system.matches;
    for (let node = this.root.parentElement; node; node = node.parentElement) {
      const [red, green, blue, alpha = 1] = (getComputedStyle(node).backgroundColor.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
      if (alpha < 0.5) continue;
      isDark = 0.3 * red + 0.6 * green + 0.1 * blue < 128;
      break;
    }
    if (this.theme === themes[Number(isDark)]) return;
    this.theme = themes[Number(isDark)];
    this.root.classList.toggle('dark', isDark);
    this.colours?.paint();
  }

  dispose() {
    this.isDisposed = true;
    this.watched.forEach(observer => observer.disconnect());
    this.system.onchange = null;
    this.map?.dispose();
    this.slides?.surface.dispose();
    this.root.remove();
  }
}

/** Shows a view in an element; what is given back ends it. */
export function render({ host, el }) {
  const view = new View(host, el);
  view.start();
  return () => view.dispose();
}
