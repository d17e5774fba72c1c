/** Codes to press and paste. */

import { el } from '../widget/dom.js';

/** A button that shows a code and copies it. */
export function codeButton(code, say) {
  return el('button', { type: 'button', class: code.length > 8 ? 'code long' : 'code', 'data-code': code, onclick: () => copy(code, say) }, code);
}

/** Browsers give pages the clipboard only over HTTPS or on this machine. */
async function copy(code, say) {
  try {
    await navigator.clipboard.writeText(code);
    say('已复制。', 'Copied.');
  } catch {
    say('浏览器不允许复制，请手动输入。', 'The browser does not allow copying; please type it.');
  }
}
