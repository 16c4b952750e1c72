// Elements are made here and nowhere else: names come from files of anyone, so they are only ever set as text.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const thousands = new Intl.NumberFormat('en-US');
const counted = value => thousands.format(value);
const plural = (count, noun) => `${counted(count)} ${noun}${count === 1 ? '' : 's'}`;
const short = value => Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '';

function percent(part, total) {
  const share = total > 0 ? 100 * part / total : 0;
  return `${share === 0 || share >= 10 ? Math.round(share) : share < 0.1 ? '<0.1' : share.toFixed(1)} %`;
}

/** An element with attributes, listeners (names with "on") and children; `text` is its text. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  // JupyterLab looks at each element that has the focus before it takes a key for a shortcut of its own.
  if ('tabindex' in attributes || ['button', 'input', 'select', 'summary'].includes(tag)) {
    node.setAttribute('data-lm-suppress-shortcuts', 'true');
  }
  node.append(...children);
  return node;
}

const button = (text, onclick, more = {}) => make('button', { type: 'button', text, onclick, ...more });

/** A JPEG as a canvas: no address has to be made for it, which a page's policy might forbid. */
function picture(jpeg, side, label) {
  const node = make('canvas', { width: side, height: side, role: 'img', 'aria-label': label });
  if (jpeg) {
    createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).then(bitmap => {
      const scale = side / Math.max(bitmap.width, bitmap.height);
      const width = bitmap.width * scale, height = bitmap.height * scale;
      node.getContext('2d').drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height);
      bitmap.close();
    }, () => node.classList.add('empty'));
  } else {
    node.classList.add('empty');
  }
  return node;
}

/** Red, green and blue of "#rrggbb". */
const channels = colour => [1, 3, 5].map(place => parseInt(colour.slice(place, place + 2), 16) || 0);

/** Whether the page behind an element is dark: by the first ground that is not transparent, or else by the system. */
function isDark(node) {
  for (let at = node; at; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) || []).map(Number);
    if (alpha > 0.5 && blue !== undefined) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  return matchMedia('(prefers-color-scheme: dark)').matches;
}
