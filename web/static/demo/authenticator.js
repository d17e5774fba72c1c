/** The demo authenticator: what the MFA devices of the demo accounts show, with codes to copy. */

import { el } from '../widget/dom.js';
import { ask } from './asking.js';
import { codeButton } from './copying.js';

const EVERY_MS = 3000;

/** Fill the list from now on, while the page is visible. */
export function watchAuthenticator(list, say) {
  let codes = '';

  async function look() {
    if (document.visibilityState !== 'visible') return;
    const devices = (await ask('authenticator'))?.codes;
    if (!devices) return;
    const now = JSON.stringify(devices.map(({ account, code }) => [account, code]));
    if (now !== codes) list.replaceChildren(...devices.map((device) => shown(device, say)));
    codes = now;
    for (const [at, { seconds_left }] of devices.entries()) list.children[at].querySelector('progress').value = seconds_left;
  }

  async function keepLooking() {
    await look();
    setTimeout(keepLooking, EVERY_MS);
  }

  document.addEventListener('visibilitychange', look);
  window.AccountAssistant.on('message', look);
  keepLooking();
}

function shown({ account, code, seconds_left }, say) {
  const left = el('progress', { max: '30', value: String(seconds_left), 'aria-label': '剩余时间 Time left' });
  return el('li', { 'data-device': account }, el('p', { class: 'envelope' }, account), codeButton(code, say), left);
}
