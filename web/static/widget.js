/**
 * The chat widget's only tag:
 *
 *   <script type="module" src="https://assistant.example.com/static/widget.js" data-lang="auto"></script>
 *
 * It adds <account-assistant> to the page and window.AccountAssistant to talk to it. The tag's attributes:
 *
 *   data-api       base URL of the assistant         (where this script comes from)
 *   data-lang      zh | en | auto                    (auto: the page's language, then the browser's)
 *   data-color     accent colour, any CSS colour
 *   data-greeting  a sentence above the conversation
 *   data-position  left | right                      (right)
 *   data-layout    floating | page                   (floating; page fills the window, for use in an iframe)
 *   data-open      open at once
 */

import { AssistantElement } from './widget/element.js';

const TAG = 'account-assistant';
/** Attribute of the script tag → attribute of the element, where `lang` would mean something else. */
const ATTRIBUTES = { api: 'api', lang: 'language', color: 'color', greeting: 'greeting', position: 'position', layout: 'layout', open: 'open' };

/** The script tag that loaded this module, if there is one. */
function ownTag() {
  return [...document.querySelectorAll('script[src]')].find((script) => script.src === import.meta.url);
}

/** Where the API is when nobody says: beside the folder this script is served from. */
function defaultApi() {
  return new URL('..', import.meta.url).href;
}

/** The element with the script tag's attributes on it. */
function createElement(options) {
  const element = document.createElement(TAG);
  for (const [option, attribute] of Object.entries(ATTRIBUTES)) {
    if (options[option] !== undefined) element.setAttribute(attribute, options[option]);
  }
  if (!options.api) element.setAttribute('api', defaultApi());
  return element;
}

/** What host pages may call. */
function createApi(element) {
  return Object.freeze({
    /** Show the panel. */
    open: () => element.show(),
    /** Hide the panel. */
    close: () => element.hide(),
    /** Show or hide the panel. */
    toggle: () => element.toggle(),
    /** Open the panel and ask something. */
    ask: (text) => element.ask(text),
    /** Prove who the visitor is with a token that the host's server signed; resolves to whether it was accepted. */
    identify: (token) => element.identify(token),
    /** Listen to open, close, message, state, identified, error; returns a function that stops listening. */
    on: (name, listener) => element.on(name, listener),
    /** Drop the conversation and begin a new one. */
    startOver: () => element.startOver(),
  });
}

if (!window.AccountAssistant) {
  customElements.define(TAG, AssistantElement);
  const element = createElement({ ...ownTag()?.dataset });
  window.AccountAssistant = createApi(element);
  (document.body ?? document.documentElement).append(element);
}
