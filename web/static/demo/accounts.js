/** The demo accounts: press one to be signed in as it, as a host page would do; who that is outlasts a reload. */

import { el } from '../widget/dom.js';
import { ask } from './asking.js';
import { codeButton } from './copying.js';

const KEPT = 'demo-account';

/** Fill the list and the password; `places`: {list, password, signedIn}. */
export function showAccounts({ list, password, signedIn }, say) {
  function mark(id) {
    for (const button of list.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.account === id));
    signedIn.querySelector('[data-holder]').textContent = id ?? '';
    signedIn.hidden = !id;
  }

  async function signIn(id) {
    // Tokens expire within the hour, so each time asks for a fresh one.
    const account = ((await ask('accounts')) ?? { accounts: [] }).accounts.find((one) => one.id === id);
    const accepted = Boolean(account) && (await window.AccountAssistant.identify(account.identity));
    if (!accepted) return say('没有登录成功，请再试一次。', 'Signing in failed; please try again.');
    sessionStorage.setItem(KEPT, id);
    mark(id);
    say(`已登录为 ${id}。`, `Signed in as ${id}.`);
    return true;
  }

  function signOut() {
    sessionStorage.removeItem(KEPT);
    mark(null);
    window.AccountAssistant.signOut();
  }

  async function press(id) {
    if (await signIn(id)) window.AccountAssistant.open();
  }

  async function fill() {
    const demo = (await ask('accounts')) ?? { accounts: [] };
    list.replaceChildren(...demo.accounts.map((account) => el('li', {}, accountButton(account, () => press(account.id)))));
    if (demo.password) password.replaceChildren(codeButton(demo.password, say));
    const before = sessionStorage.getItem(KEPT);
    if (before) signIn(before);
  }

  signedIn.querySelector('[data-sign-out]').addEventListener('click', () => {
    signOut();
    say('已退出。', 'Signed out.');
  });
  fill();

  return { signOut };
}

function accountButton({ id, title, phone, email }, onclick) {
  return el(
    'button',
    { type: 'button', 'aria-pressed': 'false', 'data-account': id, onclick },
    title.zh,
    el('span', { lang: 'en' }, title.en),
    el('span', {}, [id, phone, email].filter(Boolean).join(' · ')),
  );
}
