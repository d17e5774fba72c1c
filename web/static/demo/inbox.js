/** The demo inbox: messages as they arrive, with codes to copy. */

import { el } from '../widget/dom.js';
import { ask } from './asking.js';
import { codeButton } from './copying.js';

const EVERY_MS = 2000;
const SHOWN = 30;
const CHANNELS = { sms: '短信 SMS', email: '邮件 E-mail', app: '企业微信 WeCom' };

/** Fill the list from now on, while the page is visible. */
export function watchInbox(list, empty, say) {
  let last = 0;

  async function look() {
    if (document.visibilityState !== 'visible') return;
    for (const message of (await ask(`inbox?after=${last}`))?.messages ?? []) {
      if (message.id <= last) continue;
      last = message.id;
      list.prepend(shown(message, say));
    }
    while (list.childElementCount > SHOWN) list.lastElementChild.remove();
    empty.hidden = list.childElementCount > 0;
  }

  async function keepLooking() {
    await look();
    setTimeout(keepLooking, EVERY_MS);
  }

  document.addEventListener('visibilitychange', look);
  keepLooking();

  return {
    /** Forget what is shown. */
    clear() {
      list.replaceChildren();
      empty.hidden = false;
    },
  };
}

function shown(message, say) {
  const time = new Date(message.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return el(
    'li',
    {},
    el('p', { class: 'envelope' }, `${message.to} · ${CHANNELS[message.channel]} · ${time}`),
    message.code && codeButton(message.code, say),
    el('p', {}, message.text),
  );
}
