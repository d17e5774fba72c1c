/** The conversation as a text file. */

import { blockAsText } from './blocks.js';
import { el } from './dom.js';

/** Offer the messages as a download. */
export function downloadTranscript(messages, texts) {
  const now = new Date();
  const text = [`${texts.get('title')} · ${now.toLocaleString()}`, ...messages.map((message) => messageAsText(message, texts))].join('\n\n');
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain;charset=utf-8' }));
  el('a', { href: url, download: `account-assistant-${now.toISOString().slice(0, 10)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function messageAsText(message, texts) {
  const author = texts.get({ user: 'you', agent: 'agent' }[message.role] ?? 'assistant');
  const lines = message.blocks.flatMap(blockAsText);
  return [`[${new Date(message.at).toLocaleString()}] ${author}`, ...lines].join('\n');
}
