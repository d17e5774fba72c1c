/**
 * The chat widget's only tag:
 *
 *   <script type="module" src="https://assistant.example.com/static/widget.js" data-lang="auto"></script>
 *
 * It adds <account-assistant> to the page, and window.AccountAssistant to talk to it. Attributes, first the default:
 *
 *   data-api       base URL of the assistant: where this script comes from
 *   data-lang      auto (the conversation's, at first the browser's) | zh | en
 *   data-color     accent colour
 *   data-greeting  a sentence above the conversation
 *   data-position  right | left
 *   data-layout    floating | page (fills an iframe)
 *   data-open      open at once
 */

import { AssistantElement } from './widget/element.js';

const TAG = 'account-assistant';
const OPTIONS = ['api', 'lang', 'color', 'greeting', 'position', 'layout', 'open'];

function ownTag() {
  return [...document.querySelectorAll('script[src]')].find((script) => script.src === import.meta.url);
}

function createElement(given) {
  const options = { api: new URL('..', import.meta.url).href, ...given };
  const element = document.createElement(TAG);
  for (const option of OPTIONS.filter((name) => options[name] !== undefined)) {
    // On an element, `lang` means something else.
    element.setAttribute(option === 'lang' ? 'language' : option, options[option]);
  }
  return element;
}

/** What host pages may call; element.js says what each does. */
const METHODS = ['open', 'close', 'toggle', 'ask', 'identify', 'on', 'startOver', 'signOut'];

function createApi(element) {
  return Object.freeze(Object.fromEntries(METHODS.map((name) => [name, (...given) => element[name](...given)])));
}

if (!window.AccountAssistant) {
  customElements.define(TAG, AssistantElement);
  const element = createElement({ ...ownTag()?.dataset });
  window.AccountAssistant = createApi(element);
  (document.body ?? document.documentElement).append(element);
}
