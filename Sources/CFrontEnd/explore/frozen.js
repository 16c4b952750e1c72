function bytesOf(base64) {
  return base64 ? Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)).buffer : undefined;
}

/** A field of a CSV file (RFC 4180); what a spreadsheet would take for a formula is led by an apostrophe. */
function csvField(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The host of a saved page: it answers out of the page's own data, and without what needs a kernel. */
export function frozenHost(data) {
  const { open, colours, tiles } = data, { count, slides } = open;
  const x = new Float32Array(bytesOf(data.x)), y = new Float32Array(bytesOf(data.y)), slide = new Uint16Array(bytesOf(data.slide));
  const records = data.record ? new Uint32Array(bytesOf(data.record)) : null;
  const across = data.places ? new Int32Array(bytesOf(data.places.x)) : null;
  const down = data.places ? new Int32Array(bytesOf(data.places.y)) : null;
  const pictured = new Map((tiles?.points || []).map((point, place) => [point, place])), sheets = new Map();

  const classesOf = key => {
    const { bytes, data: text } = colours[key];
    return bytes === 2 ? new Uint16Array(bytesOf(text)) : new Uint8Array(bytesOf(text));
  };
  const read = new Map();
  const inks = key => read.get(key) || read.set(key, classesOf(key)).get(key);

  /** A picture is cut out of its sheet. */
  async function cut(point, side) {
    const place = pictured.get(point);
    if (place === undefined) return null;
    const perSheet = tiles.count, sheet = Math.floor(place / perSheet), at = place % perSheet;
    if (!sheets.has(sheet)) {
      sheets.set(sheet, new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = () => resolve(image);
        image.onerror = () => reject(new Error('The pictures of this page cannot be read.'));
        image.src = tiles.sheets[sheet];
      }));
    }
    const canvas = make('canvas', { width: Math.min(side, tiles.side), height: Math.min(side, tiles.side) });
    canvas.getContext('2d').drawImage(await sheets.get(sheet), at % tiles.columns * tiles.side,
      Math.floor(at / tiles.columns) * tiles.side, tiles.side, tiles.side, 0, 0, canvas.width, canvas.height);
    return new Promise(resolve => canvas.toBlob(blob => resolve(blob.arrayBuffer()), 'image/jpeg', 0.92));
  }

  /** What a colouring says of a point. */
  function lines(point) {
    return Object.entries(colours).flatMap(([key, { kind, title, classes, low, high }]) => {
      const ink = inks(key)[point];
      if (kind === 'classes') return classes[ink] ? [[title, classes[ink].name]] : [];
      return ink < 255 ? [[title, '≈ ' + short(low + ink / 254 * (high - low))]] : [];
    });
  }

  function selected(steps) {
    const bits = new Uint8Array(count), given = new Uint8Array(bytesOf(data.selected) || 0);
    for (const { mode, on, polygon, point, within } of steps) {
      if (mode === 'new') bits.fill(0);
      const value = mode === 'subtract' ? 0 : 1, isInside = polygon ? insideOf(polygon) : null;
      const only = within ? colours[within.by].classes.findIndex(each => each.name === within.class) : -1;
      for (let i = 0; i < count; i++) {
        const isHit = point !== undefined ? i === point : isInside ? isInside(x[i], y[i]) : on === 'given' && given[i >> 3] >> (i & 7) & 1;
        if (isHit && (only < 0 || inks(within.by)[i] === only)) bits[i] = value;
      }
    }
    return Array.from(bits.keys()).filter(i => bits[i]);
  }

  function grouped(by, names, placeOf, found) {
    const counts = new Uint32Array(names.length), all = new Uint32Array(names.length);
    for (const i of found) if (placeOf(i) < names.length) counts[placeOf(i)]++;
    for (let i = 0; i < count; i++) if (placeOf(i) < names.length) all[placeOf(i)]++;
    const rows = names.map((name, place) => ({ name, count: counts[place], all: all[place] })).filter(row => row.count);
    return { by, rows: rows.sort((a, b) => b.count - a.count) };
  }

  const heads = ['slide', 'index', ...across ? ['x', 'y'] : []];
  const row = i => [slides[slide[i]].name, records ? records[i] : i, ...across ? [across[i], down[i]] : []];

  const answers = {
    open: () => ({ content: { ...open, isFrozen: true }, buffers: [x.buffer, y.buffer, slide.buffer, bytesOf(data.selected)] }),
    colour: ({ by }) => ({ content: colours[by], buffers: [inks(by).slice().buffer] }),
    tile: async ({ point, side }) => {
      const jpeg = await cut(point, side), { name, patient } = slides[slide[point]];
      const content = {
        slide: name, patient, tile: records ? records[point] : point, place: across ? [across[point], down[point]] : null,
        lines: lines(point), note: jpeg ? null : 'This page has no picture of it.',
      };
      return { content, buffers: jpeg ? [jpeg] : [] };
    },
    tiles: async ({ points, side }) => {
      const jpegs = await Promise.all(points.map(point => cut(point, side)));
      return { content: { has: jpegs.map(Boolean) }, buffers: jpegs.filter(Boolean) };
    },
    select: ({ steps }) => {
      const found = selected(steps), bits = new Uint8Array((count + 7) >> 3);
      for (const i of found) bits[i >> 3] |= 1 << (i & 7);
      const groups = Object.entries(colours).filter(([, { kind }]) => kind === 'classes').map(([key, { title, classes }]) =>
        grouped(title, classes.map(each => each.name), i => inks(key)[i], found));
      if (!groups.some(group => group.by === 'slide')) groups.push(grouped('slide', slides.map(each => each.name), i => slide[i], found));
      const list = { heads, rows: found.slice(0, 200).map(row), count: found.length };
      return { content: { count: found.length, total: count, groups, list }, buffers: [bits.buffer] };
    },
    csv: ({ steps }) => {
      const text = [heads, ...selected(steps).map(row)].map(cells => cells.map(csvField).join(',') + '\r\n').join('');
      return { content: {}, buffers: [new TextEncoder().encode(text).buffer] };
    },
  };

  return {
    isConnected: true, title: open.title, tell() {}, on() {}, onDisconnect() {},
    async ask(content) { return answers[content.do](content); },
  };
}
