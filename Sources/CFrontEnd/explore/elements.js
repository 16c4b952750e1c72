// Elements are made here and nowhere else. Names come from files of anyone, so they are only ever set as text.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const counted = value => value.toLocaleString('en-US');
const plural = (count, noun) => `${counted(count)} ${noun}${count === 1 ? '' : 's'}`;
const short = value => String(Number(value.toPrecision(4)));
const percent = (part, whole) => `${Number((100 * part / (whole || 1)).toPrecision(2))} %`;
const channels = colour => [1, 3, 5].map(place => parseInt(colour.slice(place, place + 2), 16));

/** An element with attributes, listeners (names with "on") and children; `text` is its text, `label` its name for screen readers. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  // JupyterLab asks the element that has the focus, and no other, whether it may take a key for a shortcut.
  if ('tabindex' in attributes || /button|input|select/.test(tag)) node.dataset.lmSuppressShortcuts = 'true';
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') node.textContent = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== false) node.setAttribute(name === 'label' && tag !== 'optgroup' ? 'aria-label' : name, value);
  }
  node.append(...children);
  return node;
}

const button = (text, onclick, title = '', more = {}) => make('button', { type: 'button', text, title, onclick, ...more });
const group = (label, ...nodes) => make('div', { class: 'group', role: 'group', label }, ...nodes);
const soft = text => make('p', { class: 'soft', text });
const span = (kind, text) => make('span', { class: kind, text });

/** A JPEG as a canvas: it needs no address, which the policy of a page might forbid. */
function picture(jpeg, label = '') {
  const node = make('canvas', { class: 'picture', role: 'img', label });
  if (jpeg) bitmapOf(jpeg).then(bitmap => bitmap && draw(node, bitmap));
  return node;
}

const bitmapOf = jpeg => createImageBitmap(new Blob([jpeg])).catch(() => null);

function draw(canvas, image) {
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext('2d').drawImage(image, 0, 0);
}

/** Buttons of which one is pressed. */
function choice(label, options, chosen, choose) {
  const node = group(label, ...options.map(([value, text, title]) =>
    button(text, () => { choose(value); node.press(); }, title, { 'data-value': value })));
  node.press = () => [...node.children].forEach(each => each.setAttribute('aria-pressed', each.dataset.value === chosen()));
  node.press();
  return node;
}
