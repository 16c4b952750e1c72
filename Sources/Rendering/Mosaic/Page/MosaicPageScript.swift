/// The script of a page, in the JavaScript of all browsers of today.
enum MosaicPageScript {
  static let text = view + draw + tiles + input

  /// What is shown, and the blocks that it needs.
  private static let view = #"""
    (() => {
    'use strict';
    const page = JSON.parse(document.getElementById('content').textContent);
    const canvas = document.getElementById('mosaic'), ink = canvas.getContext('2d');
    const { columns, rows, side, perBlock, levels } = page;
    const tileAt = new Int32Array(columns * rows).fill(-1);
    page.column.forEach((column, tile) => { tileAt[(rows - 1 - page.row[tile]) * columns + column] = tile; });
    const isContext = new Uint8Array(columns * rows);
    for (const cell of page.context) isContext[(rows - 1 - Math.floor(cell / columns)) * columns + cell % columns] = 1;
    const blocks = new Set(page.blocks);
    const decoded = new Map(), waiting = new Map(), mostDecoded = 72;
    // CSS pixels a cell, and where the mosaic's upper left corner lies on the canvas.
    let scale = 1, left = 0, top = 0, width = 1, height = 1, current = -1, isQueued = false, isWhole = true;

    const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
    // To device pixels, so that what lies side by side has no seam.
    const snapped = place => Math.round(place * (window.devicePixelRatio || 1)) / (window.devicePixelRatio || 1);
    const edgeX = column => snapped(left + column * scale), edgeY = row => snapped(top + row * scale);
    // Beside the key, where there is room for both.
    const freeWidth = () => {
      const key = document.getElementById('key').offsetWidth;
      return key > 0 && width > 2.5 * (key + 20) ? width - key - 20 : width;
    };
    const wholeScale = () => Math.min(freeWidth() / columns, height / rows) * 0.98;

    function queue() {
      if (isQueued) return;
      isQueued = true;
      requestAnimationFrame(() => { isQueued = false; draw(); });
    }

    function showWhole() {
      scale = wholeScale();
      left = (freeWidth() - columns * scale) / 2;
      top = (height - rows * scale) / 2;
      isWhole = true;
      queue();
    }

    // What is at (x, y) stays there.
    function zoom(factor, x = width / 2, y = height / 2) {
      const before = scale;
      scale = clamp(scale * factor, wholeScale() * 0.8, Math.max(wholeScale(), side * 4));
      left = x - (x - left) * scale / before;
      top = y - (y - top) * scale / before;
      isWhole = false;
      queue();
    }

    // The mosaic stays in sight; where zooming took it farther, it can come back.
    function move(x, y) {
      const kept = (before, by, size, length) =>
        clamp(before + by, Math.min(before, size * 0.3 - length), Math.max(before, size * 0.7));
      left = kept(left, x, width, columns * scale);
      top = kept(top, y, height, rows * scale);
      isWhole = false;
      queue();
    }

    function fit() {
      const box = canvas.getBoundingClientRect(), dense = window.devicePixelRatio || 1;
      const [middleX, middleY] = [(width / 2 - left) / scale, (height / 2 - top) / scale];
      width = Math.max(box.width, 1);
      height = Math.max(box.height, 1);
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(height * dense);
      if (isWhole) return showWhole();
      left = width / 2 - middleX * scale;
      top = height / 2 - middleY * scale;
      queue();
    }

    // A block's picture, once it is there.
    function picture(name) {
      const known = decoded.get(name);
      if (known) {
        decoded.delete(name);
        decoded.set(name, known);
        return known;
      }
      if (waiting.has(name)) return null;
      const image = new Image();
      waiting.set(name, image);
      image.onload = () => {
        waiting.delete(name);
        decoded.set(name, image);
        while (decoded.size > mostDecoded) decoded.delete(decoded.keys().next().value);
        queue();
      };
      // It stays among those that are waited for, and so is not asked for again.
      image.onerror = () => { canvas.dataset.failed = name; };
      image.src = page.folder === null || page.folder === undefined
        ? 'data:image/jpeg;base64,' + document.getElementById('block-' + name).textContent
        : encodeURIComponent(page.folder) + '/' + name + '.jpg';
      return null;
    }

    """#

  private static let draw = #"""
    function level() {
      const wanted = scale * (window.devicePixelRatio || 1);
      return clamp(Math.floor(Math.log2(side / wanted) + 0.15), 0, levels - 1);
    }

    function drawBlocks(shown) {
      const depth = level(), span = perBlock * 2 ** depth, pixels = side * perBlock;
      // Blocks go on behind the last column and row.
      ink.save();
      ink.beginPath();
      ink.rect(edgeX(0), edgeY(0), edgeX(columns) - edgeX(0), edgeY(rows) - edgeY(0));
      ink.clip();
      for (let row = Math.floor(shown.top / span); row * span < shown.bottom; row++) {
        for (let column = Math.floor(shown.left / span); column * span < shown.right; column++) {
          if (!blocks.has(`${depth}-${column}-${row}`)) continue;
          const x = edgeX(column * span), y = edgeY(row * span);
          const across = edgeX((column + 1) * span) - x, down = edgeY((row + 1) * span) - y;
          // Until it is there, a coarser one stands in its place.
          for (let up = 0; depth + up < levels; up++) {
            const name = `${depth + up}-${column >> up}-${row >> up}`;
            const image = up === 0 ? picture(name) : decoded.get(name);
            if (!image) continue;
            const part = pixels / 2 ** up, count = 2 ** up;
            ink.drawImage(image, (column % count) * part, (row % count) * part, part, part, x, y, across, down);
            break;
          }
        }
      }
      ink.restore();
      canvas.dataset.level = depth;
    }

    function cellsIn(shown, visit) {
      for (let row = shown.top; row < shown.bottom; row++) {
        for (let column = shown.left; column < shown.right; column++) {
          const cell = row * columns + column, x = edgeX(column), y = edgeY(row);
          visit(cell, tileAt[cell], x, y, edgeX(column + 1) - x, edgeY(row + 1) - y);
        }
      }
    }

    // The picture of a block has the mosaic's ground between tiles; the page's may be another.
    function drawGround(shown) {
      const empty = new Path2D(), context = new Path2D(), around = new Path2D();
      for (let row = shown.top; row < shown.bottom; row++) {
        let start = -1;
        for (let column = shown.left; column <= shown.right; column++) {
          const isEmpty = column < shown.right && tileAt[row * columns + column] < 0;
          if (isEmpty && start < 0) start = column;
          if (!isEmpty && start >= 0) {
            empty.rect(edgeX(start), edgeY(row), edgeX(column) - edgeX(start), edgeY(row + 1) - edgeY(row));
            start = -1;
          }
        }
      }
      ink.fillStyle = page.background ?? style('--ground');
      ink.fill(empty);
      if (page.size) {
        cellsIn(shown, (cell, tile, x, y, across, down) => {
          if (tile < 0 || page.size[tile] >= 1) return;
          const gapX = (1 - page.size[tile]) / 2 * across, gapY = (1 - page.size[tile]) / 2 * down;
          around.rect(x, y, across, gapY);
          around.rect(x, y + down - gapY, across, gapY);
          around.rect(x, y, gapX, down);
          around.rect(x + across - gapX, y, gapX, down);
        });
        ink.fill(around);
      }
      if (page.context.length > 0) {
        cellsIn(shown, (cell, tile, ...box) => { if (isContext[cell]) context.rect(...box); });
        ink.fillStyle = style('--context');
        ink.fill(context);
      }
    }

    function drawFrames(shown) {
      if (!page.frame) return;
      const paths = new Map();
      cellsIn(shown, (cell, tile, x, y) => {
        if (tile < 0) return;
        const size = page.size ? page.size[tile] : 1, length = scale * size, line = Math.max(length / 14, 0.75);
        const key = page.frame[tile] + ' ' + line.toFixed(2);
        let path = paths.get(key);
        if (!path) paths.set(key, path = { colour: page.frameColours[page.frame[tile]], line, shape: new Path2D() });
        const inset = (scale - length) / 2 + line / 2;
        path.shape.rect(x + inset, y + inset, scale - 2 * inset, scale - 2 * inset);
      });
      for (const { colour, line, shape } of paths.values()) {
        ink.strokeStyle = colour;
        ink.lineWidth = line;
        ink.stroke(shape);
      }
    }

    function drawShares(shown) {
      if (!page.share) return;
      const paths = new Map();
      cellsIn(shown, (cell, tile, ...box) => {
        if (tile < 0 || page.share[tile] >= 1) return;
        const veil = Math.round((1 - page.share[tile]) * 20) / 20;
        if (!paths.has(veil)) paths.set(veil, new Path2D());
        paths.get(veil).rect(...box);
      });
      ink.fillStyle = page.background ?? style('--ground');
      for (const [veil, shape] of paths) {
        ink.globalAlpha = veil;
        ink.fill(shape);
      }
      ink.globalAlpha = 1;
    }

    function draw() {
      const dense = window.devicePixelRatio || 1;
      ink.setTransform(dense, 0, 0, dense, 0, 0);
      ink.clearRect(0, 0, width, height);
      ink.fillStyle = page.background ?? style('--ground');
      ink.fillRect(edgeX(0), edgeY(0), edgeX(columns) - edgeX(0), edgeY(rows) - edgeY(0));
      const shown = {
        left: clamp(Math.floor(-left / scale), 0, columns), top: clamp(Math.floor(-top / scale), 0, rows),
        right: clamp(Math.ceil((width - left) / scale), 0, columns), bottom: clamp(Math.ceil((height - top) / scale), 0, rows),
      };
      ink.imageSmoothingEnabled = true;
      ink.imageSmoothingQuality = 'high';
      drawBlocks(shown);
      drawGround(shown);
      drawFrames(shown);
      drawShares(shown);
      if (current >= 0) {
        ink.strokeStyle = style('--mark');
        ink.lineWidth = 3;
        ink.strokeRect(left + page.column[current] * scale, top + (rows - 1 - page.row[current]) * scale, scale, scale);
      }
      canvas.dataset.scale = scale;
      canvas.dataset.waiting = waiting.size;
      placeTip();
    }

    """#

  /// What is known of a tile, beside it.
  private static let tiles = #"""
    const tip = document.getElementById('tip'), spoken = document.getElementById('spoken');
    const grouped = number => number.toLocaleString('en-US');

    function facts(tile) {
      const lines = ['tile ' + grouped(page.index[tile])];
      if (page.x[tile] !== null) lines.push(`centre at ${grouped(page.x[tile])}, ${grouped(page.y[tile])}`);
      if (page.label) lines.push(`${page.key.title || 'label'}: ${page.label[tile] || 'no value'}`);
      lines.push(`column ${page.column[tile] + 1}, row ${page.row[tile] + 1} from below`);
      if (page.count[tile] > 1) lines.push(`one of ${grouped(page.count[tile])} tiles here`);
      return [page.slides[page.slide[tile]], ...lines];
    }

    function placeTip() {
      if (current < 0) return;
      const x = left + page.column[current] * scale, y = top + (rows - 1 - page.row[current]) * scale;
      const box = tip.getBoundingClientRect();
      let across = x + scale + 10;
      if (across + box.width > width - 4) across = x - box.width - 10;
      tip.style.left = clamp(across, 4, Math.max(width - box.width - 4, 4)) + 'px';
      tip.style.top = clamp(y, 4, Math.max(height - box.height - 4, 4)) + 'px';
    }

    function choose(tile, isSpoken) {
      if (tile === current) return;
      current = tile;
      tip.hidden = tile < 0;
      if (tile >= 0) {
        const lines = facts(tile), name = document.createElement('strong');
        name.textContent = lines[0];
        tip.replaceChildren(name, ...lines.slice(1).map(line => {
          const part = document.createElement('div');
          part.textContent = line;
          return part;
        }));
        if (isSpoken) spoken.textContent = lines.join(', ');
      }
      queue();
    }

    function tileUnder(x, y) {
      const column = Math.floor((x - left) / scale), row = Math.floor((y - top) / scale);
      return column >= 0 && column < columns && row >= 0 && row < rows ? tileAt[row * columns + column] : -1;
    }

    // The nearest tile in a direction, those ahead before those aside.
    function step(across, down) {
      if (page.column.length === 0) return;
      let fromColumn, fromRow;
      if (current >= 0) {
        [fromColumn, fromRow] = [page.column[current], rows - 1 - page.row[current]];
      } else {
        [fromColumn, fromRow] = [(width / 2 - left) / scale - 0.5, (height / 2 - top) / scale - 0.5];
      }
      let best = -1, least = Infinity;
      for (let tile = 0; tile < page.column.length; tile++) {
        const x = page.column[tile] - fromColumn, y = rows - 1 - page.row[tile] - fromRow;
        const ahead = current < 0 ? 0 : x * across + y * down, aside = Math.abs(x * down) + Math.abs(y * across);
        if (current >= 0 && ahead <= 0) continue;
        const distance = current < 0 ? Math.hypot(x, y) : ahead + 3 * aside;
        if (distance < least) [best, least] = [tile, distance];
      }
      if (best < 0) return;
      choose(best, true);
      const x = left + page.column[best] * scale, y = top + (rows - 1 - page.row[best]) * scale;
      const edge = Math.min(scale, width / 4, height / 4);
      move(
        x < edge ? edge - x : x + scale > width - edge ? width - edge - x - scale : 0,
        y < edge ? edge - y : y + scale > height - edge ? height - edge - y - scale : 0);
    }

    """#

  private static let input = #"""
    const held = new Map();
    let reach = 0, travelled = 0;
    const place = event => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };

    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      held.set(event.pointerId, place(event));
      travelled = 0;
      reach = 0;
      canvas.classList.add('held');
    });
    canvas.addEventListener('pointermove', event => {
      const [x, y] = place(event);
      if (!held.has(event.pointerId)) return choose(tileUnder(x, y), false);
      const [beforeX, beforeY] = held.get(event.pointerId);
      held.set(event.pointerId, [x, y]);
      travelled += Math.hypot(x - beforeX, y - beforeY);
      if (held.size === 1) return move(x - beforeX, y - beforeY);
      const [[x0, y0], [x1, y1]] = [...held.values()];
      const now = Math.max(Math.hypot(x1 - x0, y1 - y0), 1);
      move((x - beforeX) / 2, (y - beforeY) / 2);
      if (reach > 0) zoom(now / reach, (x0 + x1) / 2, (y0 + y1) / 2);
      reach = now;
    });
    function release(event) {
      if (!held.delete(event.pointerId)) return;
      reach = 0;
      if (held.size === 0) canvas.classList.remove('held');
      if (event.type === 'pointerup' && travelled < 6) choose(tileUnder(...place(event)), true);
    }
    canvas.addEventListener('pointerup', release);
    canvas.addEventListener('pointercancel', release);
    canvas.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') choose(-1, false); });
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? height : 1;
      zoom(Math.exp(-clamp(event.deltaY * unit, -240, 240) * (event.ctrlKey ? 0.01 : 0.002)), ...place(event));
    }, { passive: false });
    canvas.addEventListener('dblclick', event => zoom(event.shiftKey ? 0.5 : 2, ...place(event)));
    function aim() {
      return current < 0 ? [] : [
        left + (page.column[current] + 0.5) * scale, top + (rows - 0.5 - page.row[current]) * scale,
      ];
    }
    canvas.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const actions = {
        ArrowLeft: () => step(-1, 0), ArrowRight: () => step(1, 0), ArrowUp: () => step(0, -1), ArrowDown: () => step(0, 1),
        '+': () => zoom(1.5, ...aim()), '=': () => zoom(1.5, ...aim()), '-': () => zoom(1 / 1.5, ...aim()),
        0: showWhole, Home: showWhole, Escape: () => choose(-1, false),
      };
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });
    document.getElementById('closer').addEventListener('click', () => zoom(1.5, ...aim()));
    document.getElementById('farther').addEventListener('click', () => zoom(1 / 1.5, ...aim()));
    document.getElementById('whole').addEventListener('click', showWhole);

    function showKey() {
      if (!page.key) return;
      const box = document.getElementById('key'), heading = document.createElement('h2');
      heading.textContent = page.key.title;
      box.append(heading);
      if (page.key.names) {
        const list = document.createElement('ul');
        page.key.names.forEach((name, place) => {
          const entry = document.createElement('li'), mark = document.createElement('i');
          mark.style.borderColor = page.key.colours[place];
          const [text, count] = [document.createElement('span'), document.createElement('span')];
          text.textContent = name;
          count.textContent = grouped(page.key.counts[place]);
          entry.append(mark, text, count);
          list.append(entry);
        });
        box.append(list);
      } else {
        const [ramp, ends] = [document.createElement('div'), document.createElement('div')];
        ramp.className = 'ramp';
        ramp.style.background = `linear-gradient(to right, ${page.key.colours.join(', ')})`;
        ends.className = 'ends';
        for (const end of page.key.ends) {
          const text = document.createElement('span');
          text.textContent = end;
          ends.append(text);
        }
        box.append(ramp, ends);
      }
      box.hidden = false;
    }

    document.title = page.title;
    document.getElementById('title').textContent = page.title;
    document.getElementById('caption').textContent = [...page.caption, page.placeUnit].filter(Boolean).join(' ');
    document.getElementById('statement').textContent = page.statement ?? '';
    showKey();
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', queue);
    new ResizeObserver(fit).observe(canvas);
    fit();
    })();
    """#
}
