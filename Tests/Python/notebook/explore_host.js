// A host without a kernel, for the view of `explore`: it answers what a kernel would, out of the data of the test.
'use strict';
globalThis.asked = [];
globalThis.makeHost = data => {
  const array = (Type, name) => new Type(Uint8Array.from(atob(data[name]), letter => letter.charCodeAt(0)).buffer);
  const x = array(Float32Array, 'x'), y = array(Float32Array, 'y'), slide = array(Uint16Array, 'slide');
  const left = array(Int32Array, 'left'), top = array(Int32Array, 'top'), ink = array(Uint8Array, 'ink');
  const disconnected = [], said = {};

  const jpeg = async (side, colour, paint = () => {}) => {
    const canvas = new OffscreenCanvas(side, side), pen = canvas.getContext('2d');
    pen.fillStyle = colour;
    pen.fillRect(0, 0, side, side);
    pen.fillStyle = '#54307a';
    for (let i = 0; i < 14; i++) {
      pen.beginPath();
      pen.arc((i * 37 + colour.length * 13) % side, (i * i * 23) % side, side / 24, 0, 7);
      pen.fill();
    }
    paint(pen);
    return (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer();
  };
  const hue = point => `hsl(${320 + ink[point] * 20} 45% ${70 + point % 17}%)`;

  const isInside = (polygon, px, py) => {
    let odd = false;
    for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [polygon[i], polygon[i + 1], polygon[j], polygon[j + 1]];
      if ((yi > py) !== (yj > py) && px < (xj - xi) * (py - yi) / (yj - yi) + xi) odd = !odd;
    }
    return odd;
  };
  const marks = steps => {
    const bits = new Uint8Array(x.length), half = data.tileSide / 2;
    for (const step of steps) {
      if (step.mode === 'new') bits.fill(0);
      for (let i = 0; i < bits.length; i++) {
        const hit = step.point !== undefined ? step.point === i : step.on === 'given' ? i < 40
          : step.on === 'map' ? isInside(step.polygon, x[i], y[i])
          : slide[i] === step.on && isInside(step.polygon, left[i] + half, top[i] + half);
        if (hit && (!step.within || data.classes[ink[i]]?.name === step.within.class)) bits[i] = step.mode === 'subtract' ? 0 : 1;
      }
    }
    return bits;
  };

  const answers = {
    open: () => [{ ...data.open, count: x.length }, [x.slice().buffer, y.slice().buffer, slide.slice().buffer,
      ...data.open.selected ? [new Uint8Array(x.length + 7 >> 3).fill(255, 0, 5).buffer] : []]],
    colourings: () => [{ colourings: [...data.open.colourings, { key: 'c1', title: 'cluster of c1', group: 'session' }] }],
    colour: ({ by }) => {
      if (by === 'feature:999') throw new Error('There is no feature 999: the features have numbers from 0 to 63.');
      if (by.startsWith('feature:')) {
        const ramp = Array.from({ length: 32 }, (_, i) => '#' + [68 + 5 * i, 8 * i, 84].map(c => c.toString(16).padStart(2, '0')).join(''));
        return [{ kind: 'values', title: 'activation of feature ' + by.slice(8), low: 0.125, high: 2.5, light: ramp, dark: ramp, missing: 0 },
          [Uint8Array.from(x, value => Math.abs(value * 12) % 255).buffer]];
      }
      return [{ kind: 'classes', title: by, bytes: 1, missing: ink.filter(each => each === 255).length,
        classes: data.classes.map((each, place) => ({ ...each, count: ink.filter(other => other === place).length })) }, [ink.slice().buffer]];
    },
    tile: async ({ point, by, side }) => [{ slide: data.open.slides[slide[point]].name, patient: 'P1', tile: point,
      place: [left[point], top[point]], lines: [['HPV_status', data.classes[ink[point]]?.name ?? 'no value'], ['prediction', 'negative (0.93)']],
      note: null }, [await jpeg(side, hue(point))]],
    tiles: async ({ points, side }) => [{ tiles: points.map(point => ({ point })), has: points.map(() => true) },
      await Promise.all(points.map(point => jpeg(side, hue(point))))],
    near: ({ point, count }) => [{ points: Array.from({ length: count }, (_, i) => (point + 7 * i + 7) % x.length),
      distances: Array.from({ length: count }, (_, i) => 0.01234 * (i + 1)), metric: 'cosine', note: null }],
    select: ({ steps, name }) => {
      const bits = marks(steps), set = new Uint8Array(bits.length + 7 >> 3), found = [];
      bits.forEach((bit, i) => { if (bit) { set[i >> 3] |= 1 << (i & 7); found.push(i); } });
      const rows = (names, of) => names.map((each, place) => ({ name: each, count: found.filter(i => of[i] === place).length,
        all: of.filter(other => other === place).length }));
      return [{ count: found.length, total: x.length, statement: `${name} = select u polygon=[[1.25, 2.5], [3.5, 4.75], [6, 7]]`,
        groups: [{ by: 'HPV_status', rows: rows(data.classes.map(each => each.name), ink) },
          { by: 'slide', rows: rows(data.open.slides.map(each => each.name), slide) }],
        exemplars: found.slice(0, 24), note: null }, [set.buffer]];
    },
    apart: () => [{ rows: [{ feature: '12', direction: 'higher', text: 'd 1.3, p 2e-8' }, { feature: '40', direction: 'lower', text: 'd −0.9, p 1e-5' }],
      caption: 'Tile level; tiles of a slide are not independent.', key: ['feature:12', 'feature:40'] }],
    keep: ({ name }) => {
      if (name === 'u') throw new Error('The name u is taken: values never change.');
      return [{ name, statement: `${name} = select u polygon=[[1.25, 2.5]]`, next: 's2' }];
    },
    slide: ({ slide: k }) => {
      const points = [...slide.keys()].filter(i => slide[i] === k), size = data.slideSide;
      const levels = [1, 4, 16].map(downsample => ({ downsample, columns: Math.ceil(size / downsample / 256), rows: Math.ceil(size / downsample / 256) }));
      return [{ name: data.open.slides[k].name, width: size, height: size, left: 0, top: 0, side: data.tileSide, mpp: 0.25,
        picture: 'file', piece: 256, levels, note: null }, [Uint32Array.from(points).buffer,
        Int32Array.from(points, i => left[i]).buffer, Int32Array.from(points, i => top[i]).buffer]];
    },
    pieces: async ({ pieces }) => [{ has: pieces.map(() => true) },
      await Promise.all(pieces.map(([level, column, row]) => jpeg(256, `hsl(${315 + level * 9} 40% ${80 - (column + row) % 3 * 3}%)`)))],
    thumbs: async ({ slides, side }) => [{ has: slides.map(() => true) }, await Promise.all(slides.map(k => jpeg(side, `hsl(${320 + k * 10} 40% 80%)`)))],
  };

  const host = {
    isConnected: true, title: 'Map', delay: 0, answers, gone: false, outstanding: {}, most: {},
    async ask(content) {
      asked.push(content);
      if (host.gone) {
        disconnected.forEach(call => call());
        throw Object.assign(new Error('Cannot send'), { gone: true });
      }
      const kind = content.do;
      host.outstanding[kind] = (host.outstanding[kind] || 0) + 1;
      host.most[kind] = Math.max(host.most[kind] || 0, host.outstanding[kind]);
      try {
        await new Promise(resolve => setTimeout(resolve, host.delay));
        const [answer, buffers = []] = await answers[kind](content);
        return { content: answer, buffers };
      } finally {
        host.outstanding[kind]--;
      }
    },
    tell() {}, on(kind, call) { said[kind] = call; }, onDisconnect(call) { disconnected.push(call); },
    disconnect() { host.gone = true; disconnected.forEach(call => call()); },
  };
  return host;
};
