/** The desk's pages: the newest message in sight, Ctrl+Enter sends, nothing is sent twice, a lost connection is said. */

const NEAR_PX = 120;
const log = document.getElementById('scroll');
const offline = document.getElementById('offline');

const toEnd = () => log?.scrollTo({ top: log.scrollHeight });
toEnd();

// Whoever reads further up is not pulled away by a new message.
let near = true;
document.addEventListener('htmx:beforeSwap', () => {
  near = !log || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
});
document.addEventListener('htmx:oobAfterSwap', (event) => near && event.detail.target?.id === 'log' && toEnd());

document.addEventListener('htmx:sendError', () => offline && (offline.hidden = false));
document.addEventListener('htmx:afterRequest', (event) => offline && event.detail.successful && (offline.hidden = true));

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches('[data-send]')) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-once]')) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = 'yes';
});
// A page that comes back from the history may send again.
window.addEventListener('pageshow', () => document.querySelectorAll('[data-once]').forEach((form) => delete form.dataset.sent));
