/** The demo page: its buttons ask the widget, and the demo company shows beside it. */

import { showAccounts } from './demo/accounts.js';
import { watchAuthenticator } from './demo/authenticator.js';
import { watchInbox } from './demo/inbox.js';

for (const button of document.querySelectorAll('[data-ask]')) {
  button.addEventListener('click', () => window.AccountAssistant.ask(button.dataset.ask));
}

for (const place of document.querySelectorAll('[data-origin]')) {
  place.textContent = location.origin;
}

const status = document.querySelector('[data-status]');
const list = document.querySelector('[data-inbox]');
if (list) {
  const say = (zh, en) => {
    status.textContent = `${zh} ${en}`;
  };
  const inbox = watchInbox(list, document.querySelector('[data-inbox-empty]'), say);
  watchAuthenticator(document.querySelector('[data-authenticator]'), say);
  const accounts = showAccounts(
    {
      list: document.querySelector('[data-accounts]'),
      password: document.querySelector('[data-password]'),
      signedIn: document.querySelector('[data-signed-in]'),
    },
    say,
  );
  leadToCodes(document.querySelector('[data-codes]'));
  document.querySelector('[data-reset]').addEventListener('click', async () => {
    const answer = await fetch('/api/v1/demo/reset', { method: 'POST' }).catch(() => null);
    if (!answer?.ok) return say('没有重置成功，请再试一次。', 'The reset failed; please try again.');
    inbox.clear();
    accounts.signOut();
    say('演示公司已恢复原样。', 'The demo company is as new.');
  });
}

/** On a phone the panel covers the page: whoever closes it while a code or password is asked for finds these in sight. */
function leadToCodes(card) {
  let asked = false;
  window.AccountAssistant.on('message', ({ message }) => {
    asked = message.blocks.some((block) => block.type === 'input' && block.secret);
  });
  window.AccountAssistant.on('close', () => asked && card.scrollIntoView({ block: 'nearest' }));
}
