/** What is selected: the steps that made it, the marks of the points, and the panel that tells what is in it. */
class Selection {
  constructor(view) {
    Object.assign(this, { view, steps: [], bits: null, past: [], mode: 'new' });
    const { name, isFrozen } = view.open;
    this.undoer = button('Undo', () => this.undo(), 'Take back the last step');
    this.clearer = button('Clear', () => this.change([], null), 'Select nothing');
    this.within = make('select', { label: 'Select within', title: 'Select only within a class', 'data-live': '' });
    this.modes = choice('How a selection changes', [
      ['new', 'New', 'A selection replaces the one before'], ['add', 'Add', 'A selection is added'],
      ['subtract', 'Subtract', 'A selection is taken away']], () => this.mode, mode => { this.mode = mode; });
    this.head = make('h4', { class: 'head' });
    this.note = soft('');
    this.name = make('input', {
      value: name, size: 10, label: 'Name of the selection', spellcheck: 'false', oninput: () => this.label(), onchange: () => this.ask(),
    });
    this.keeper = button('', () => this.keep(), '', { class: 'main', 'data-live': '' });
    this.statement = make('pre', { tabindex: 0, label: 'Statement that makes the selection' });
    const copier = button('Copy', () => this.copy(), 'Copy the statement');
    this.kept = make('div', {}, make('p', { class: 'keep' }, this.name, this.keeper, copier), this.statement);
    this.kept.hidden = isFrozen;
    [this.groups, this.sheet, this.apart] = ['groups', 'sheet', 'apart'].map(kind => make('div', { class: kind }));
    this.panel = make('section', { class: 'selection', label: 'Selection', hidden: '' },
      this.head, this.note, this.kept, this.groups, this.sheet, this.apart);
    this.label();
    this.enable();
  }

  label() {
    const name = this.name.value.trim();
    this.keeper.textContent = name ? `Keep as ${name}` : 'Keep';
    this.keeper.disabled = !name || this.view.isGone;
  }

  enable() {
    this.undoer.disabled = !this.past.length || this.view.isGone;
    this.clearer.disabled = !this.steps.length || this.view.isGone;
  }

  offerClasses() {
    const { classes, content } = this.view.colours;
    this.within.replaceChildren(make('option', { value: '', text: 'within all' }),
      ...classes.map(({ name }, place) => make('option', { value: place, text: `within ${content.title}: ${name}` })));
    this.within.hidden = !classes.length;
  }

  // Steps

  add({ on, polygon }) {
    const { by, classes } = this.view.colours, place = this.within.value;
    if (this.mode === 'subtract' && !this.steps.length) return this.view.say('There is no selection to subtract from.', true);
    const within = place === '' ? null : { by, class: classes[place].name };
    this.apply({ mode: this.steps.length ? this.mode : 'new', on, polygon, within });
  }

  toggle(point) { this.apply({ mode: this.steps.length ? this.bits?.[point] ? 'subtract' : 'add' : 'new', point }); }

  /** Marks points at once; what the kernel answers replaces the marks. */
  apply(step) {
    const { view: { count, map, slides, colours }, steps, bits: before } = this, { mode, on, polygon, point, within } = step;
    const bits = mode === 'new' || !before ? new Uint8Array(count) : before.slice(), value = mode === 'subtract' ? 0 : 1;
    if (point !== undefined) bits[point] = value;
    if (polygon) {
      const surface = on === 'map' ? map : slides.surface, { index } = surface, isInside = insideOf(polygon);
      index.visit(boundsOf(polygon), i => {
        const hit = surface.pointOf(i);
        if (isInside(index.x[i], index.y[i]) && (!within || colours.classes[colours.inks[hit]]?.name === within.class)) bits[hit] = value;
      });
    }
    this.change(mode === 'new' ? [step] : [...steps, step], bits);
  }

  change(steps, bits) {
    if (this.view.isGone) return;
    this.past = [...this.past.slice(-30), [this.steps, this.bits]];
    this.view.say('');
    this.set(steps, bits);
    this.ask();
  }

  set(steps, bits) {
    this.steps = steps;
    // What is on its way is of other steps.
    this.told = null;
    this.bits = bits?.includes(1) ? bits : null;
    this.enable();
    this.view.map.rearrange();
    this.view.slides?.selected();
  }

  undo() {
    this.set(...this.past.pop());
    this.ask();
  }

  // Answers

  /** One question at a time: while it is out, only the newest selection waits. */
  async ask() {
    const { view } = this;
    if (!this.steps.length) {
      this.panel.hidden = true;
      view.speak('Nothing is selected.');
    }
    if (this.isAsking) return;
    this.isAsking = true;
    for (let asked; this.steps.length && asked !== this.steps;) {
      const steps = asked = this.steps, isCurrent = () => this.steps === steps;
      const answer = await view.ask({ do: 'select', steps, name: this.name.value.trim() || view.open.name }, isCurrent);
      if (!isCurrent()) continue;
      if (answer) this.take(answer, steps);
      // What the kernel refused is not shown as selected.
      else if (!view.isGone && this.past.length) this.set(...this.past.pop());
      this.panel.hidden = !this.steps.length;
    }
    this.isAsking = false;
  }

  take({ content, buffers: [set] }, steps) {
    const { view } = this, { count, total, statement, groups, note } = content;
    const bits = unpacked(set, view.count);
    // As a rule it is what the page has marked already, and a million points need not be arranged twice.
    if (!this.bits || bits.some((bit, point) => bit !== this.bits[point])) this.set(steps, bits);
    this.head.textContent = `${plural(count, view.open.noun)} of ${counted(total)} (${percent(count, total)})`;
    this.note.textContent = note || '';
    this.statement.textContent = statement || '';
    this.groups.replaceChildren(...groups.map(group => this.table(group)));
    view.speak(`${this.head.textContent} selected.`);
    view.mark('tessera-selection-shown', count);
    this.tellMore(steps, content);
  }

  /** Of each, how many there are and the share of all of it that is selected. */
  table({ by, rows }) {
    const body = make('tbody'), more = button(`All ${rows.length}`, () => { fill(rows); more.remove(); });
    const fill = shown => body.replaceChildren(...shown.map(row => {
      const bar = make('i');
      bar.style.width = `${100 * row.count / (row.all || 1)}%`;
      return make('tr', {}, make('th', { scope: 'row', text: row.name, title: row.name }), make('td', {}, bar),
        make('td', { text: counted(row.count) }), make('td', { class: 'count', text: `of ${counted(row.all)}` }));
    }));
    fill(rows.slice(0, 8));
    return make('div', {}, make('table', {}, make('caption', { text: by }), body), rows.length > 8 ? more : '');
  }

  /** The contact sheet, and the features, which take longer. */
  async tellMore(steps, { exemplars, list, count }) {
    const { view } = this, told = this.told = {}, isCurrent = () => this.told === told;
    if (list) return this.tellList(list, count);
    const sheet = await view.strip(exemplars);
    if (isCurrent()) this.sheet.replaceChildren(make('h4', { text: 'Exemplars' }), sheet);
    this.apart.replaceChildren();
    const answer = isCurrent() && await view.ask({ do: 'apart', steps }, isCurrent,
      reason => this.apart.append(make('h4', { text: 'What sets it apart' }), soft(`Features cannot be compared. ${reason}`)));
    if (!isCurrent()) return;
    if (!answer) return;
    const { rows, caption, key } = answer.content;
    this.apart.append(make('h4', { text: 'What sets it apart' }), ...rows.map(({ feature, direction, text }, place) => make('p', {},
      button(`feature ${feature}`, () => view.colours.show(key[place]), 'Colour the map by it'), ` ${direction}: ${text}`)), soft(caption));
  }

  /** Where there is no kernel, the tiles are listed. */
  tellList({ heads, rows }, count) {
    const line = (cells, tag) => make('tr', {}, ...cells.map(text => make(tag, { text })));
    this.sheet.replaceChildren(button('Download as CSV', () => this.download(), '', { class: 'main' }),
      soft(`${counted(rows.length)} of ${counted(count)} rows:`),
      make('div', { class: 'list', tabindex: 0 }, make('table', {}, line(heads, 'th'), ...rows.map(row => line(row, 'td')))));
  }

  async download() {
    const { buffers } = await this.view.ask({ do: 'csv', steps: this.steps });
    const href = URL.createObjectURL(new Blob(buffers, { type: 'text/csv' }));
    make('a', { href, download: 'selection.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(href), 9999);
  }

  async keep() {
    this.view.say('Keeping it; where a cell runs, as soon as that ends…');
    const answer = await this.view.ask({ do: 'keep', steps: this.steps, name: this.name.value.trim() });
    if (!answer) return;
    const { name, statement, next } = answer.content;
    this.statement.textContent = statement;
    this.name.value = next;
    this.label();
    this.view.say(`Kept as ${name}. With the statement in a cell, the notebook runs again without this view.`);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.statement.textContent);
      this.view.say('Copied.');
    } catch {
      // Where the clipboard is closed to pages.
      getSelection().selectAllChildren(this.statement);
      this.view.say('The statement is marked: copy it with Ctrl+C.');
    }
  }
}
