/**
 * A text in the tokens of byte-pair encoding, after as many merges as the reader wants.
 *
 * Data: `merges`, pairs of ids in the order of learning, the first of which makes token 256; `texts`, each a `name` and
 * its `words` as pre-tokenization cut them.
 */

import { escape, grouped } from '../figure-parts.mjs';

const BYTES = 256;

export const controls = (data) => [
  { kind: 'choice', name: 'text', label: 'text', values: data.texts.map(({ name }) => name) },
  { kind: 'slider', name: 'merges', label: 'merges', values: [...data.merges.keys(), data.merges.length] },
];

export const opening = (data) => ({ text: data.texts[0].name, merges: 20 });

/** The bytes of each token: the 256 bytes themselves, then what each merge has joined. */
export function bytesOf(merges) {
  const table = Array.from({ length: BYTES }, (_, byte) => [byte]);
  for (const [left, right] of merges) table.push([...table[left], ...table[right]]);
  return table;
}

/** The ids of a word: of the pairs in it, the one that was learned first is merged, from the left, until none is left. */
export function encode(word, merges) {
  const ids = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, BYTES + rank]));
  let tokens = [...new TextEncoder().encode(word)];
  for (;;) {
    const found = tokens.slice(1).map((right, i) => ids.get(`${tokens[i]} ${right}`) ?? Infinity);
    const first = Math.min(...found);
    if (first === Infinity) return tokens;
    const [left, right] = merges[first - BYTES];
    const joined = [];
    for (let i = 0; i < tokens.length; i += 1) {
      const is = tokens[i] === left && tokens[i + 1] === right;
      joined.push(is ? first : tokens[i]);
      i += is;
    }
    tokens = joined;
  }
}

/** As text where the bytes are whole characters, else as bytes. */
export function shown(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes));
    return text.replaceAll(' ', '␣');
  } catch {
    return bytes.map((byte) => byte.toString(16)).join(' ');
  }
}

function tokensOf(data, { text, merges }) {
  const learned = data.merges.slice(0, merges);
  const { words } = data.texts.find(({ name }) => name === text);
  return { learned, table: bytesOf(learned), words: words.map((word) => encode(word, learned)) };
}

export function draw(data, state) {
  const { learned, table, words } = tokensOf(data, state);
  const newest = learned.length && BYTES + learned.length - 1;
  const box = (id) =>
    `<span class="${id < BYTES ? 'byte' : id === newest ? 'newest' : ''}">${escape(shown(table[id]))}</span>`;
  const rows = words.map((ids) => `<span class="word">${ids.map(box).join('')}</span>`);
  return `<p class="tokens">${rows.join(' ')}</p>`;
}

export function read(data, state) {
  const { learned, table, words } = tokensOf(data, state);
  const ids = words.flat();
  const size = ids.reduce((sum, id) => sum + table[id].length, 0);
  const said = `${grouped(size)} bytes, ${grouped(ids.length)} tokens.`;
  if (!learned.length) return `${said} Nothing is merged: each byte is a token.`;
  const [left, right] = learned.at(-1).map((id) => shown(table[id]));
  const newest = BYTES + learned.length - 1;
  const times = ids.filter((id) => id === newest).length;
  const here = times ? `stands here ${times === 1 ? 'once' : `${times} times`}` : 'does not stand here';
  return `${said} Merge ${learned.length} joins “${left}” and “${right}”; what it made ${here}.`;
}
