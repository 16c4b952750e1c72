/** What is selected: the steps that made it, the marks of the points, and the panel that tells what is in it. */
class Selection {
  constructor(view) {
    Object.assign(this, { view, steps: [], bits: null, past: [], mode: 'new', isAsking: false, isStale: false });
    this.name = make('input', { type: 'text', value: view.open.name || 's1', size: 10, 'aria-label': 'Name of the selection', spellcheck: 'false', oninput: () => this.nameKeep() });
    this.keeper = button('', () => this.keep(), { 'data-needs-kernel': true, class: 'main' });
    this.undoer = button('Undo', () => this.undo(), { title: 'Take back the last step', disabled: true });
    this.clearer = button('Clear', () => this.clear(), { title: 'Select nothing', disabled: true });
    this.within = make('select', { 'aria-label': 'Select within', title: 'Select only points of a class' });
    this.modes = choice(view, 'How a selection changes', [
      ['new', 'New', 'Each selection replaces the one before'], ['add', 'Add', 'Each selection is added'],
      ['subtract', 'Subtract', 'Each selection is taken away'],
    ], () => this.mode, mode => { this.mode = mode; });
    this.head = make('p', { class: 'head' });
    this.note = make('p', { class: 'soft' });
    this.statement = make('pre', { tabindex: 0, 'aria-label': 'Statement that makes the selection' });
    this.copier = button('Copy', () => this.copy());
    this.kept = make('div', { class: 'keep' }, this.name, this.keeper, this.copier);
    this.groups = make('div', { class: 'groups' });
    this.sheet = make('div');
    this.apart = make('div');
    this.panel = make('section', { class: 'selection', 'aria-label': 'Selection', hidden: true },
      this.head, this.note, this.kept, this.statement, this.groups, this.sheet, this.apart);
    this.nameKeep();
    this.offerClasses();
  }

  nameKeep() { this.keeper.textContent = `Keep as ${this.name.value.trim() || '…'}`; }

  offerClasses() {
    const { classes, content, by } = this.view.colours || { classes: [] };
    this.within.replaceChildren(make('option', { value: '', text: 'within all' }),
      ...classes.map(({ name }, place) => make('option', { value: place, text: `within ${content.title}: ${name}` })));
    this.within.hidden = !by || !classes.length;
  }

  // Steps

  add(step) {
    const { colours } = this.view, within = this.within.value;
    const mode = this.steps.length ? this.mode : 'new';
    if (this.mode === 'subtract' && !this.steps.length) return this.view.say('There is no selection to subtract from.', true);
    this.apply({ mode, ...step, within: within === '' ? null : { by: colours.by, class: colours.classes[within].name } });
  }

  toggle(point) {
    const mode = !this.steps.length ? 'new' : this.bits?.[point] ? 'subtract' : 'add';
    this.apply({ mode, point });
  }

  /** Marks the points here at once; what the kernel answers replaces the marks. */
  apply(step) {
    const { view } = this;
    if (view.isGone) return view.say(view.goneText, true);
    this.past.push({ steps: this.steps, bits: this.bits });
    if (this.past.length > 30) this.past.shift();
    this.steps = step.mode === 'new' ? [step] : [...this.steps, step];
    const bits = step.mode === 'new' || !this.bits ? new Uint8Array(view.count) : this.bits.slice();
    this.mark(bits, step);
    this.show(bits);
    this.ask();
  }

  mark(bits, { mode, on, polygon, point, within }) {
    const { view } = this, { colours } = view, value = mode === 'subtract' ? 0 : 1;
    if (point !== undefined) bits[point] = value;
    if (!polygon) return;
    const isInside = insideOf(polygon), only = within ? colours.classes.findIndex(each => each.name === within.class) : -1;
    const { index, pointOf } = on === 'map' ? view.map : view.slides.surface;
    const surface = on === 'map' ? view.map : view.slides.surface;
    index?.visit(boundsOf(polygon), i => {
      const at = pointOf.call(surface, i);
      if ((only < 0 || colours.index[at] === only) && isInside(index.x[i], index.y[i])) bits[at] = value;
    });
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.steps = before.steps;
    this.show(before.bits);
    this.ask();
  }

  clear() {
    if (!this.steps.length) return;
    this.past.push({ steps: this.steps, bits: this.bits });
    this.steps = [];
    this.show(null);
    this.ask();
  }

  show(bits) {
    this.bits = bits?.includes(1) ? bits : null;
    this.undoer.disabled = !this.past.length;
    this.clearer.disabled = !this.steps.length;
    this.view.map.rearrange();
    this.view.slides?.selected();
  }

  // Answers

  /** One question at a time; while it is out, only the newest selection waits. */
  async ask() {
    this.isStale = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.isStale) {
      this.isStale = false;
      const { steps } = this;
      if (!steps.length) {
        this.panel.hidden = true;
        this.view.say('Nothing is selected.');
        continue;
      }
      const answer = await this.view.ask({ do: 'select', steps, name: this.name.value.trim() });
      if (this.steps !== steps) continue;
      if (answer) {
        this.take(answer);
        this.tellMore(steps, answer.content);
      } else if (!this.view.isGone && this.past.length) {
        // What the kernel refused is not shown as if it were selected; its sentence stays to be read.
        const before = this.past.pop();
        this.steps = before.steps;
        this.show(before.bits);
      }
    }
    this.isAsking = false;
  }

  take({ content, buffers: [set] }) {
    const { view } = this, bits = new Uint8Array(view.count), bytes = new Uint8Array(set);
    for (let i = 0; i < bits.length; i++) bits[i] = bytes[i >> 3] >> (i & 7) & 1;
    this.show(bits);
    const { count, total, statement, groups, note } = content, of = `${plural(count, view.open.noun)} of ${counted(total)} (${percent(count, total)})`;
    this.panel.hidden = false;
    this.head.textContent = of;
    this.note.textContent = note || '';
    this.statement.textContent = statement || '';
    this.statement.hidden = this.copier.hidden = !statement;
    this.name.hidden = this.keeper.hidden = Boolean(view.open.isFrozen);
    this.groups.replaceChildren(...groups.map(group => this.table(group, count)));
    view.say(`${of} selected.`);
    performance.clearMarks('tessera-selection-shown');
    performance.mark('tessera-selection-shown', { detail: count });
  }

  table({ by, rows }, count) {
    const body = make('tbody'), most = 8;
    const fill = shown => body.replaceChildren(...rows.slice(0, shown).map(row => {
      const bar = make('i');
      bar.style.width = (count ? 100 * row.count / count : 0) + '%';
      return make('tr', {}, make('th', { scope: 'row', text: row.name }), make('td', { class: 'bar' }, bar),
        make('td', { text: counted(row.count) }), make('td', { class: 'soft', text: `of ${counted(row.all)}` }));
    }));
    fill(most);
    const more = button(`all ${rows.length}`, () => { fill(rows.length); more.remove(); }, { class: 'more' });
    return make('div', {}, make('table', {}, make('caption', { text: by }), body), ...rows.length > most ? [more] : []);
  }

  /** The contact sheet, and then, which is slow, the features. */
  async tellMore(steps, { exemplars, list }) {
    const { view } = this, isCurrent = () => this.steps === steps;
    this.apart.replaceChildren();
    if (list) return this.tellList(list);
    const sheet = exemplars?.length ? await view.strip(exemplars, view.isNarrow ? 56 : 72) : null;
    if (!isCurrent()) return;
    this.sheet.replaceChildren(...sheet ? [make('h4', { text: 'Exemplars' }), sheet] : []);
    if (view.open.isFrozen) return;
    const answer = await view.ask({ do: 'apart', steps });
    if (!answer || !isCurrent()) return;
    const { rows, caption, key } = answer.content, body = make('tbody');
    rows.forEach(({ feature, direction, text }, place) => body.append(make('tr', {},
      make('th', { scope: 'row' }, button(`feature ${feature}`, () => view.colours.show(key[place]), { title: 'Colour the map by it' })),
      make('td', { text: direction }), make('td', { class: 'soft', text }))));
    this.apart.replaceChildren(make('h4', { text: 'What sets it apart' }), make('table', {}, body), make('p', { class: 'soft', text: caption }));
  }

  /** A page without a kernel lists the tiles. */
  tellList({ heads, rows, count }) {
    const line = (cells, tag) => make('tr', {}, ...cells.map(text => make(tag, { text })));
    const table = make('table', {}, make('thead', {}, line(heads, 'th')), make('tbody', {}, ...rows.map(row => line(row, 'td'))));
    this.sheet.replaceChildren(button('Download as CSV', () => this.download(), { class: 'main' }),
      make('div', { class: 'list', tabindex: 0, role: 'region', 'aria-label': 'Selected tiles' }, table));
    if (rows.length < count) this.sheet.append(make('p', { class: 'soft', text: `The first ${rows.length} of ${counted(count)}; the file has them all.` }));
  }

  async download() {
    const answer = await this.view.ask({ do: 'csv', steps: this.steps });
    if (!answer) return;
    const address = URL.createObjectURL(new Blob(answer.buffers, { type: 'text/csv' }));
    make('a', { href: address, download: 'selection.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  async keep() {
    const answer = await this.view.ask({ do: 'keep', steps: this.steps, name: this.name.value.trim() });
    if (!answer) return;
    const { name, statement, next } = answer.content;
    this.statement.textContent = statement;
    this.view.say(`Kept as ${name}. Put the statement into a cell, so that the notebook runs again without this view.`);
    this.name.value = next;
    this.nameKeep();
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.statement.textContent);
      this.view.say('Copied.');
    } catch {
      // Where the clipboard is not allowed, the statement is ready for Ctrl+C.
      getSelection().selectAllChildren(this.statement);
      this.view.say('The statement is marked: copy it with Ctrl+C.');
    }
  }
}

/** Buttons of which one is pressed. */
function choice(view, label, options, chosen, choose) {
  const node = make('div', { class: 'choice', role: 'group', 'aria-label': label });
  const press = () => [...node.children].forEach(each => each.setAttribute('aria-pressed', each.dataset.value === chosen()));
  for (const [value, text, title] of options) {
    node.append(button(text, () => { choose(value); press(); }, { 'data-value': value, title }));
  }
  press();
  node.press = press;
  return node;
}
