/** The host of a saved page: it answers out of the page's own data. */
export function frozenHost({ open, colours, tiles, places, selected, ...data }) {
  const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer;
  const [x, y, slide, record, given] = [data.x, data.y, data.slide, data.record, selected || ''].map(bytes);
  const { count } = open, slides = new Uint16Array(slide), records = new Uint32Array(record), set = unpacked(given, count);
  const [across, down] = places ? [places.x, places.y].map(axis => new Int32Array(bytes(axis))) : [[], []];
  const isPlaced = i => places && across[i] !== -2147483648;
  const pictured = new Map(tiles?.points.map((point, place) => [point, place])), sheets = new Map(), inks = {};
  const inksOf = key => inks[key] ||= new (colours[key].bytes === 2 ? Uint16Array : Uint8Array)(bytes(colours[key].data));

  /** A picture is cut out of its sheet. */
  async function cut(point) {
    const at = pictured.get(point);
    if (at === undefined) return null;
    const { side, columns, count } = tiles, sheet = Math.floor(at / count), place = at % count;
    if (!sheets.has(sheet)) {
      const image = make('img', { src: tiles.sheets[sheet] });
      sheets.set(sheet, image.decode().then(() => image, () => null));
    }
    const image = await sheets.get(sheet);
    if (!image) return null;
    const canvas = make('canvas', { width: side, height: side });
    canvas.getContext('2d').drawImage(image, -(place % columns) * side, -Math.floor(place / columns) * side);
    return new Promise(resolve => canvas.toBlob(resolve, 'image/png')).then(blob => blob.arrayBuffer());
  }

  function marks(steps) {
    const [xs, ys] = [new Float32Array(x), new Float32Array(y)], bits = new Uint8Array(count);
    for (const { mode, polygon, point, within } of steps) {
      const isInside = polygon ? insideOf(polygon) : (_, __, i) => point === undefined ? set[i] : i === point;
      const { classes } = within ? colours[within.by] : {}, of = within && inksOf(within.by);
      if (mode === 'new') bits.fill(0);
      for (let i = 0; i < count; i++) {
        if (isInside(xs[i], ys[i], i) && (!within || classes[of[i]]?.name === within.class)) bits[i] = mode === 'subtract' ? 0 : 1;
      }
    }
    return bits;
  }

  const chosen = steps => [...marks(steps).entries()].flatMap(([i, bit]) => bit ? [i] : []);
  const row = i => [open.slides[slides[i]].name, records[i], ...isPlaced(i) ? [across[i], down[i]] : ['', '']];
  const heads = ['slide', 'index', 'x', 'y'];
  /** Fields as RFC 4180 has them; what a spreadsheet would take for a formula is led by an apostrophe. */
  const field = value => {
    const text = typeof value === 'string' && /^[=+@\t\r-]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  function shares(by, names, of, bits) {
    const rows = names.map(name => ({ name, count: 0, all: 0 }));
    for (let i = 0; i < count; i++) {
      if (!rows[of[i]]) continue;
      rows[of[i]].all++;
      rows[of[i]].count += bits[i];
    }
    return { by, rows: rows.filter(each => each.count).sort((a, b) => b.count - a.count) };
  }

  const answers = {
    open: () => [{ ...open, isFrozen: true, selected: Boolean(selected) }, x.slice(), y.slice(), slide.slice(), given.slice()],
    colour: ({ by }) => [colours[by], inksOf(by).slice().buffer],
    tile: async ({ point, by }) => {
      // Slide and patient stand above them.
      const told = Object.entries(colours).filter(([key]) => key !== 'slide' && key !== 'patient');
      const jpeg = await cut(point), lines = told.flatMap(([key, { kind, title, classes, low, high }]) => {
        const ink = inksOf(key)[point], value = key === by && ink < 255 ? `≈ ${short(low + ink / 254 * (high - low))}` : undefined;
        const text = kind === 'classes' ? classes[ink]?.name : value;
        return text === undefined ? [] : [[title, text]];
      });
      const place = isPlaced(point) ? [across[point], down[point]] : null, note = jpeg ? null : 'This page has no picture of it.';
      return [{ slide: open.slides[slides[point]].name, tile: records[point], place, lines, note }, ...jpeg ? [jpeg] : []];
    },
    select: ({ steps }) => {
      const bits = marks(steps), found = chosen(steps), packed = new Uint8Array(count + 7 >> 3);
      for (const i of found) packed[i >> 3] |= 1 << (i & 7);
      const groups = Object.entries(colours).filter(([, { kind, title }]) => kind === 'classes' && title !== 'slide')
        .map(([key, { title, classes }]) => shares(title, classes.map(each => each.name), inksOf(key), bits));
      groups.push(shares('slide', open.slides.map(each => each.name), slides, bits));
      return [{ count: found.length, total: count, groups, list: { heads, rows: found.slice(0, 200).map(row) } }, packed.buffer];
    },
    csv: ({ steps }) => [{}, [heads, ...chosen(steps).map(row)].map(cells => `${cells.map(field)}\r\n`).join('')],
  };
  return {
    isConnected: true, title: open.title, tell() {}, on() {}, onDisconnect() {},
    async ask(question) {
      const [content, ...buffers] = await answers[question.do](question);
      return { content, buffers };
    },
  };
}
