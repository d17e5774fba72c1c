/** The demo accounts: press one to be signed in as it. */

import { el } from '../widget/dom.js';

/** Fill the list. */
export function showAccounts(list, say) {
  const clear = () => list.querySelectorAll('button').forEach((button) => button.setAttribute('aria-pressed', 'false'));

  async function signIn(id, button) {
    // Tokens expire within the hour, so each press asks for a fresh one.
    const account = (await load()).find((one) => one.id === id);
    if (!account || !(await window.AccountAssistant.identify(account.identity))) {
      return say('没有登录成功，请再试一次。', 'Signing in failed; please try again.');
    }
    clear();
    button.setAttribute('aria-pressed', 'true');
    say(`已登录为 ${id}。`, `Signed in as ${id}.`);
    window.AccountAssistant.open();
  }

  load().then((accounts) => {
    list.replaceChildren(
      ...accounts.map(({ id, title, phone, email }) => {
        const button = el(
          'button',
          { type: 'button', 'aria-pressed': 'false', 'data-account': id, onclick: () => signIn(id, button) },
          title.zh,
          el('span', { lang: 'en' }, title.en),
          el('span', {}, [id, phone, email].filter(Boolean).join(' · ')),
        );
        return el('li', {}, button);
      }),
    );
  });

  return { clear };
}

async function load() {
  const answer = await fetch('/api/v1/demo/accounts').catch(() => null);
  return answer?.ok ? (await answer.json()).accounts : [];
}
