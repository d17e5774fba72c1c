/** A second lock on the server's HTML: rebuilds it from the few elements that answers need. */

const ALLOWED = new Set(['P', 'BR', 'STRONG', 'EM', 'UL', 'OL', 'LI', 'A', 'CODE', 'BLOCKQUOTE']);

let policy = null;

/** The HTML as Trusted Types want it, where a host page enforces them. */
function trusted(html) {
  if (!window.trustedTypes) return html;
  policy ??= window.trustedTypes.createPolicy('account-assistant', { createHTML: (text) => text });
  return policy.createHTML(html);
}

/** The address if it leads to a web page, else null. */
export function webAddress(href) {
  return /^https?:\/\//i.test(href ?? '') ? href : null;
}

/** A safe fragment of sanitised HTML; parsed in an inert document, so nothing loads or runs. */
export function sanitise(html) {
  const inert = new DOMParser().parseFromString(trusted(html), 'text/html');
  const fragment = document.createDocumentFragment();
  copyChildren(inert.body, fragment);
  return fragment;
}

function copyChildren(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, to);
  }
}

function copyElement(node, to) {
  const tag = node.tagName.toUpperCase();
  if (!ALLOWED.has(tag)) return;
  const clean = cleanElement(tag, node);
  copyChildren(node, clean);
  to.append(clean);
}

function cleanElement(tag, node) {
  const clean = document.createElement(tag);
  if (tag === 'OL') clean.start = node.start;
  const href = tag === 'A' && webAddress(node.getAttribute('href'));
  return href ? Object.assign(clean, { href, target: '_blank', rel: 'noopener noreferrer' }) : clean;
}
