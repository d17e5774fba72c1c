/** Copies a text and says so on the button. */

const SHOWN_FOR = 1500;

/** `data-copy` is the text, `data-copied` the sentence for the status line. */
export async function copyText(button) {
  await write(button.dataset.copy);
  const status = document.getElementById('copy-status');
  if (status) status.textContent = button.dataset.copied;
  button.classList.add('copied');
  setTimeout(() => button.classList.remove('copied'), SHOWN_FOR);
}

/** The clipboard's own API exists on HTTPS and on this machine only; the old way works on a plain-HTTP intranet too. */
async function write(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
