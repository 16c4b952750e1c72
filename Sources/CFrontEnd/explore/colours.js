const groupTitles = {
  annotations: 'Annotations', tiles: 'Tiles', predictions: 'Predictions', activations: 'Activations', session: 'This session',
};
const none = 65535;

/** What the points are coloured by: the menu, the legend, and the search that greys the slides not looked for. */
class Colours {
  constructor(view) {
    Object.assign(this, { view, by: null, kind: null, classes: [], index: null, palette: null, off: new Set(), request: 0 });
    this.isUnsought = new Uint8Array(view.open.slides.length);
    this.menu = make('select', { 'aria-label': 'Colour by', onchange: () => this.chosen(), onfocus: () => this.renew() });
    this.feature = make('input', {
      type: 'number', min: 0, max: view.open.featureCount - 1, value: 0, hidden: true, 'aria-label': 'Number of the feature',
      onchange: () => this.chosen(),
    });
    this.search = make('input', {
      type: 'search', placeholder: 'Find a slide', 'aria-label': 'Find a slide', oninput: () => this.seek(),
      onkeydown: event => { if (event.key === 'Enter') this.view.slides?.show(this.sought()[0]); },
    });
    this.legend = make('div', { class: 'legend', role: 'group', 'aria-label': 'Legend' });
    this.fill(view.open.colourings);
  }

  fill(colourings) {
    const shown = this.menu.value;
    this.menu.replaceChildren(make('option', { value: '', text: 'one colour' }));
    for (const group of new Set(colourings.map(colouring => colouring.group))) {
      const options = colourings.filter(colouring => colouring.group === group).map(({ key, title }) =>
        make('option', { value: key, text: key === 'feature:' ? 'a feature…' : title }));
      this.menu.append(make('optgroup', { label: groupTitles[group] || group }, ...options));
    }
    this.menu.value = shown;
  }

  /** The menu as of now: cells that ran since may have made values to colour by. */
  async renew() {
    if (this.view.open.isFrozen || this.view.isGone || performance.now() - this.renewed < 3000) return;
    this.renewed = performance.now();
    const answer = await this.view.ask({ do: 'colourings' });
    if (answer && JSON.stringify(answer.content.colourings) !== this.known) {
      this.known = JSON.stringify(answer.content.colourings);
      this.fill(answer.content.colourings);
    }
  }

  chosen() {
    const isFeature = this.menu.value === 'feature:';
    this.feature.hidden = !isFeature;
    if (isFeature && !this.feature.checkValidity()) {
      return this.view.say(`Features are numbered from 0 to ${this.view.open.featureCount - 1}.`, true);
    }
    this.show(isFeature ? 'feature:' + this.feature.value : this.menu.value || null);
  }

  /** Colours the map by a key of the menu, or by nothing. */
  async show(by) {
    const request = ++this.request, { view } = this, { count } = view;
    if (by === null) return this.take(null, { kind: 'none' }, new Uint16Array(count));
    const answer = await view.ask({ do: 'colour', by });
    if (request !== this.request) return;
    if (!answer) return this.index ? this.mirror() : this.take(null, { kind: 'none' }, new Uint16Array(count));
    const { content, buffers: [bytes] } = answer, isWide = content.bytes === 2;
    const index = Uint16Array.from(isWide ? new Uint16Array(bytes) : new Uint8Array(bytes));
    if (!isWide) for (let i = 0; i < index.length; i++) if (index[i] === 255) index[i] = none;
    this.take(by, content, index);
  }

  take(by, content, index) {
    Object.assign(this, { by, content, index, kind: content.kind, classes: content.classes || [], off: new Set() });
    this.mirror();
    this.paint();
    this.view.selection.offerClasses();
  }

  /** The menu shows what the map shows. */
  mirror() {
    const isFeature = this.by?.startsWith('feature:');
    this.menu.value = isFeature ? 'feature:' : this.by || '';
    this.feature.hidden = !isFeature;
    if (isFeature) this.feature.value = this.by.slice(8);
  }

  /** The palette of the theme, and all that shows it. */
  paint() {
    if (!this.index) return;
    const { view: { isDark, theme }, content } = this, shade = isDark ? 'dark' : 'light';
    if (this.kind === 'values') {
      const ramp = content[shade].map(channels);
      this.inks = Array.from({ length: 255 }, (_, place) => {
        const at = place / 254 * (ramp.length - 1), low = Math.min(Math.floor(at), ramp.length - 2);
        return ramp[low].map((value, channel) => Math.round(value + (ramp[low + 1][channel] - value) * (at - low)));
      });
    } else {
      this.inks = this.kind === 'classes' ? this.classes.map(each => channels(each[shade])) : [channels(theme.plain)];
    }
    this.palette = Uint8Array.from(this.inks.flatMap(ink => [...ink, 255]));
    this.drawLegend(shade);
    this.view.map.recolour();
    this.view.slides?.queue();
  }

  isGrey(i) {
    const ink = this.index[i];
    return ink === none || this.off.has(ink) || this.isUnsought[this.view.slide[i]] === 1;
  }

  /** The colour of a point as CSS knows it. */
  css(i) { return this.isGrey(i) ? this.view.theme.grey : `rgb(${this.inks[this.index[i]]})`; }

  drawLegend(shade) {
    const { content, legend } = this;
    legend.replaceChildren();
    legend.hidden = this.kind === 'none';
    if (this.kind === 'none') return;
    legend.append(make('strong', { text: content.title }));
    if (this.kind === 'values') {
      const bar = make('span', { class: 'ramp' });
      bar.style.background = `linear-gradient(to right, ${content[shade].join()})`;
      legend.append(make('span', { text: short(content.low) }), bar, make('span', { text: short(content.high) }));
    }
    this.toggles = this.classes.map(({ name, count }, place) => {
      const swatch = make('i');
      swatch.style.background = `rgb(${this.inks[place]})`;
      const toggle = button('', event => event.altKey ? this.isolate(place) : this.toggle(place), {
        'aria-pressed': true, title: 'Show in colour or in grey (with Alt: only this one)',
      });
      toggle.append(swatch, make('span', { class: 'name', text: name }), make('span', { class: 'count', text: counted(count) }));
      legend.append(make('span', { class: 'class' }, toggle, button('only', () => this.isolate(place), { 'aria-label': `Only ${name}` })));
      return toggle;
    });
    if (content.missing) legend.append(make('span', { class: 'soft', text: `no value: ${counted(content.missing)}` }));
    this.press();
  }

  toggle(place) {
    if (!this.off.delete(place)) this.off.add(place);
    this.press();
    this.changed();
  }

  /** Only one class in colour; once more: all. */
  isolate(place) {
    const isAlone = !this.off.has(place) && this.off.size === this.classes.length - 1;
    this.off = new Set(isAlone ? [] : this.classes.keys());
    this.off.delete(place);
    this.press();
    this.changed();
  }

  press() { this.toggles?.forEach((toggle, place) => toggle.setAttribute('aria-pressed', !this.off.has(place))); }

  changed() {
    this.view.map.rearrange();
    this.view.slides?.queue();
  }

  /** The slides whose name or patient has the text of the search. */
  sought() {
    const text = this.search.value.trim().toLowerCase(), { slides } = this.view.open;
    return [...slides.keys()].filter(place =>
      [slides[place].name, slides[place].patient].some(name => name?.toLowerCase().includes(text)));
  }

  seek() {
    const found = this.sought(), { slides } = this.view.open;
    this.isUnsought.fill(1);
    let count = 0;
    for (const place of found) {
      this.isUnsought[place] = 0;
      count += slides[place].count;
    }
    this.changed();
    this.view.slides?.fillStrip();
    this.view.say(this.search.value.trim() ? `${plural(found.length, 'slide')}, ${plural(count, this.view.open.noun)}.` : '');
  }
}
