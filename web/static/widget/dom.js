/** Building elements without markup strings. */

const SVG = 'http://www.w3.org/2000/svg';

/** Line icons on a 24 × 24 grid. */
const ICONS = {
  chat: 'M20.5 11.6a8.1 8.1 0 0 1-11.9 7.1L4 20l1.3-4.4a8.1 8.1 0 1 1 15.2-4ZM8.5 10h7M8.5 13.5h4.5',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  down: 'M6 9.5l6 6 6-6',
  send: 'M12 19V5.5M6 11l6-6 6 6',
  restart: 'M4.5 5v5h5M5 10a7.6 7.6 0 1 1-.4 4',
  download: 'M12 4.5v10M7.5 10.5l4.5 4.5 4.5-4.5M5 19.5h14',
  thumb: 'M7.5 11v8.5h-3V11h3Zm0 0 3.7-6.6a2.2 2.2 0 0 1 2.3 2.8l-.7 2.8h5a2 2 0 0 1 2 2.4l-1.1 5.5a2 2 0 0 1-2 1.6H7.5',
  person: 'M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM4.8 20a7.2 7.2 0 0 1 14.4 0',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  todo: 'M12 19.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15Z',
  blocked: 'M12 19.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM12 8v5M12 15.8v.2',
  not_applicable: 'M7 12h10',
  eye: 'M2.8 12S6.2 6 12 6s9.2 6 9.2 6-3.4 6-9.2 6-9.2-6-9.2-6ZM12 14.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4Z',
  ticket: 'M4 7h16v3.2a1.8 1.8 0 0 0 0 3.6V17H4v-3.2a1.8 1.8 0 0 0 0-3.6V7ZM14 7.5v9',
};

/** An element: functions become listeners, true an empty attribute, null and false nothing. A button sends no form by itself. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (tag === 'button') node.type = tag;
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.replace(/^on/, ''), value);
    else if (present(value)) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(present));
  return node;
}

function present(value) {
  return (value ?? false) !== false;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon icon-${name}` })) {
    svg.setAttribute(key, value);
  }
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, role, label, onclick) {
  return el('button', { class: 'icon-button', 'data-role': role, 'data-label': label, onclick }, icon(name));
}

/** An element whose words come from the texts, or else are its children. */
export function labelled(tag, text, attributes = {}, ...children) {
  return el(tag, { 'data-text': text, ...attributes }, children);
}

export function unseen(text) {
  return labelled('span', text, { class: 'unseen' });
}

/** Whether there is a mouse, and so no screen keyboard that opens with the focus. */
export function finePointer() {
  return matchMedia('(pointer: fine)').matches;
}
