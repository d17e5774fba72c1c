/** What a visitor takes away: the conversation as text, a checklist as a file or on paper. */

import { el } from './dom.js';

export function saveTranscript(messages, texts) {
  const now = new Date();
  const text = [`${texts.get('title')} · ${now.toLocaleString()}`, ...messages.map((message) => messageAsText(message, texts))].join('\n\n');
  const url = addressOf(new Blob([`${text}\n`], { type: 'text/plain;charset=utf-8' }));
  save(url, `account-assistant-${now.toISOString().slice(0, 10)}.txt`);
}

/** Save a checklist; a page is opened and printed instead, if the browser lets it. */
export function saveChecklist(file, format) {
  const url = addressOf(file);
  const page = format === 'html' && open(url);
  if (page) page.addEventListener('load', () => page.print());
  else save(url, `checklist.${format}`);
}

function addressOf(blob) {
  const url = URL.createObjectURL(blob);
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  return url;
}

function save(url, name) {
  el('a', { href: url, download: name }).click();
}

function messageAsText(message, texts) {
  const lines = message.blocks.flatMap(blockAsText);
  return [`[${new Date(message.at).toLocaleString()}] ${message.author || texts.get(message.role)}`, ...lines].join('\n');
}

function blockAsText(block) {
  const lines = {
    text: () => [block.markdown],
    choices: () => block.options.map((option) => `  ( ) ${option.label}`),
    checklist: () => block.items.map((item) => `  [${item.status === 'done' ? 'x' : ' '}] ${item.label}`),
    image: () => [`[${block.alt}]`, !block.secret && block.text].filter(Boolean),
    ticket: () => [`#${block.id} (${block.status})`],
    sources: () => block.items.map((item) => `  * ${[item.title, item.url, item.updated].filter(Boolean).join(' · ')}`),
  };
  return lines[block.type]?.() ?? [];
}

