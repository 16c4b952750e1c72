const groupTitles = {
  annotations: 'Annotations', tiles: 'Tiles', predictions: 'Predictions', activations: 'Activations', session: 'This session',
};
const noInk = 65535;

/** What the points are coloured by: the menu, the legend, and the search that greys the slides not looked for. */
class Colours {
  constructor(view) {
    Object.assign(this, { view, by: '', off: new Set(), toggles: [], isSought: new Uint8Array(view.open.slides.length).fill(1) });
    this.menu = make('select', { label: 'Colour by', 'data-live': '', onchange: () => this.chosen(), onfocus: () => this.renew() });
    this.feature = make('input', {
      type: 'number', min: 0, max: view.open.featureCount - 1, value: 0, required: '', hidden: '', label: 'Number of the feature',
      'data-live': '', onchange: () => this.chosen(),
    });
    this.search = make('input', { type: 'search', placeholder: 'Find a slide', label: 'Find a slide', oninput: () => this.seek(),
      onkeydown: event => { if (event.key === 'Enter' && this.sought().length) this.view.slides?.show(this.sought()[0]); } });
    this.legend = make('div', { class: 'legend', role: 'group', label: 'Legend' });
    this.fill(view.open.colourings);
  }

  fill(colourings) {
    this.known = JSON.stringify(colourings);
    const groups = Object.groupBy(colourings, each => each.group), shown = this.menu.value;
    const option = ({ key, title }) => make('option', { value: key, text: title });
    this.menu.replaceChildren(option({ key: '', title: 'one colour' }), ...Object.entries(groups).map(([name, entries]) =>
      make('optgroup', { label: groupTitles[name] || name }, ...entries.map(option))));
    this.menu.value = shown;
  }

  /** Cells that ran since may have made values to colour by. */
  async renew() {
    const answer = !this.view.open.isFrozen && await this.view.ask({ do: 'colourings' });
    if (answer && this.known !== JSON.stringify(answer.content.colourings)) this.fill(answer.content.colourings);
  }

  chosen() {
    const isFeature = this.menu.value === 'feature:';
    this.feature.hidden = !isFeature;
    if (isFeature && !this.feature.checkValidity()) return this.view.say(`Features have numbers from 0 to ${this.feature.max}.`, true);
    this.show(this.menu.value + (isFeature ? this.feature.value : ''));
  }

  /** Colours the map by a key of the menu, or by nothing. */
  async show(by) {
    const { view } = this, plain = { content: { kind: 'none', classes: [] }, buffers: [new Uint8Array(view.count)] };
    this.wanted = by;
    const answer = by ? await view.ask({ do: 'colour', by }, () => by === this.wanted) : plain;
    if (by !== this.wanted) return;
    if (answer) {
      const { content, buffers: [bytes] } = answer, isWide = content.bytes === 2;
      const inks = Uint16Array.from(isWide ? new Uint16Array(bytes) : new Uint8Array(bytes), ink => isWide || ink < 255 ? ink : noInk);
      Object.assign(this, { by, content, inks, classes: content.classes || [], off: new Set() });
      this.paint();
      view.selection.offerClasses();
    } else if (!this.inks) {
      return this.show('');
    }
    const isFeature = this.by.startsWith('feature:');
    this.menu.value = isFeature ? 'feature:' : this.by;
    this.feature.hidden = !isFeature;
    if (isFeature) this.feature.value = this.by.slice(8);
  }

  /** The palette of the theme, and all that shows it. */
  paint() {
    if (!this.inks) return;
    const { view: { theme, map }, content: { kind, light, dark }, classes } = this, ramp = theme.isDark ? dark : light;
    this.palette = kind === 'none' ? [channels(theme.plain)]
      : kind === 'classes' ? classes.map(each => channels(theme.isDark ? each.dark : each.light))
      : Array.from({ length: 255 }, (_, ink) => channels(ramp[Math.round(ink / 254 * (ramp.length - 1))]));
    this.styles = this.palette.map(colour => `rgb(${colour})`);
    map.recolour();
    this.drawLegend(ramp);
  }

  isGrey(i) { return this.inks[i] === noInk || this.off.has(this.inks[i]) || !this.isSought[this.view.slide[i]]; }
  css(i) { return this.isGrey(i) ? this.view.theme.grey : this.styles[this.inks[i]]; }

  drawLegend(ramp) {
    const { content: { title = '', low, high, missing }, classes, legend, styles } = this;
    legend.replaceChildren(make('strong', { text: title }));
    if (ramp) {
      const bar = make('i', { class: 'ramp' });
      bar.style.background = `linear-gradient(to right, ${ramp})`;
      legend.append(short(low), bar, short(high));
    }
    this.toggles = classes.map(({ name, count }, place) => {
      const swatch = make('i'), click = event => event.altKey ? this.isolate(place) : this.toggle(place);
      const toggle = button('', click, 'In colour or in grey (with Alt: only this one)');
      swatch.style.background = styles[place];
      toggle.append(swatch, span('name', name), span('count', counted(count)));
      legend.append(make('span', {}, toggle, button('only', () => this.isolate(place), '', { label: `Only ${name}` })));
      return toggle;
    });
    if (missing) legend.append(soft(`no value: ${counted(missing)}`));
    this.press();
  }

  toggle(place) {
    if (!this.off.delete(place)) this.off.add(place);
    this.press();
  }

  /** Only one class in colour; once more: all. */
  isolate(place) {
    const isAlone = !this.off.has(place) && this.off.size === this.classes.length - 1;
    this.off = new Set(isAlone ? [] : [...this.classes.keys()].filter(other => other !== place));
    this.press();
  }

  press() {
    this.toggles.forEach((toggle, place) => toggle.setAttribute('aria-pressed', !this.off.has(place)));
    this.view.map.rearrange();
    this.view.slides?.queue();
  }

  /** The slides whose name or patient has the text of the search. */
  sought() {
    const text = this.search.value.trim().toLowerCase(), { slides } = this.view.open;
    return [...slides.keys()].filter(place => `${slides[place].name}\n${slides[place].patient ?? ''}`.toLowerCase().includes(text));
  }

  seek() {
    const found = this.sought(), { open: { slides, noun }, slides: panel } = this.view;
    this.isSought.fill(0);
    for (const place of found) this.isSought[place] = 1;
    this.press();
    panel?.fillStrip();
    this.view.say(`${plural(found.length, 'slide')}, ${plural(found.reduce((sum, place) => sum + slides[place].count, 0), noun)}.`, !found.length);
  }
}
