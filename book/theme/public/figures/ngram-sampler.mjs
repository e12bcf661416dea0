/**
 * A text written by an n-gram model, word by word.
 *
 * Data: `sentences`, each a string of tokens with spaces between them. The counts are made here, by the relative
 * frequencies of the chapter: a window of n tokens, `<s>` before a sentence and `</s>` after it.
 */

import { bars, chance, escape, grouped, pick } from '../figure-parts.mjs';

const BOS = '<s>';
const EOS = '</s>';
const SHOWN = 8; // lines of the table
const LAST = 40; // tokens of the text that stay in sight

const padded = (sentence) => [BOS, ...sentence.split(' '), EOS];

export const controls = () => [
  { kind: 'slider', name: 'order', label: 'window, n', values: [1, 2, 3, 4, 5] },
  { kind: 'button', name: 'next', label: 'Next word' },
  { kind: 'button', name: 'twenty', label: '20 words' },
  { kind: 'button', name: 'again', label: 'Start again' },
];

const blank = (order, seed) => ({ order, seed, draws: 0, text: [BOS] });
const more = (data, state, words) =>
  Array.from({ length: words }).reduce((before) => step(data, before), state);

export const opening = (data) => more(data, blank(2, 1), 20);

/** The tokens that the next one depends on: at most n - 1, and never from an earlier sentence. */
export function contextOf(text, order) {
  const start = text.lastIndexOf(BOS);
  return text.slice(Math.max(start, text.length - order + 1));
}

/** What followed this context, how often: `[[token, count], …]`, the most frequent first. */
export function followers(data, context) {
  const counts = new Map();
  const size = context.length;
  for (const tokens of data.sentences.map(padded)) {
    // Nothing predicts <s>: where there is no context the first word counts, and <s> does not.
    for (let at = Math.max(size, 1); at < tokens.length; at += 1) {
      if (context.every((token, i) => token === tokens[at - size + i]))
        counts.set(tokens[at], (counts.get(tokens[at]) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** One more token; after the end of a sentence the next one begins. */
export function step(data, state) {
  const counted = followers(data, contextOf(state.text, state.order));
  const total = counted.reduce((sum, [, count]) => sum + count, 0);
  const [token] =
    counted[
      pick(
        counted.map(([, count]) => count / total),
        chance(state.seed, state.draws),
      )
    ];
  return { ...state, draws: state.draws + 1, text: [...state.text, token, ...(token === EOS ? [BOS] : [])] };
}

/** The length of the longest piece of a sentence that stands in the data word for word. */
export function longestQuotation(data, text) {
  const all = ` ${data.sentences.join(' | ')} `;
  let longest = 0;
  let run = [];
  for (const token of text) {
    if (token === BOS || token === EOS) {
      run = [];
      continue;
    }
    run.push(token);
    while (run.length && !all.includes(` ${run.join(' ')} `)) run.shift();
    longest = Math.max(longest, run.length);
  }
  return longest;
}

export function act(data, state, name) {
  if (name === 'next') return step(data, state);
  if (name === 'twenty') return more(data, state, 20);
  // Another window starts another text: a mixture of both would show neither.
  return name === 'again'
    ? blank(state.order, state.seed + 1)
    : more(data, blank(state.order, state.seed), 20);
}

export function draw(data, state) {
  const context = contextOf(state.text, state.order);
  const counted = followers(data, context);
  const total = counted.reduce((sum, [, count]) => sum + count, 0);
  const first = state.text.length - context.length;
  const from = Math.max(0, state.text.length - LAST);
  const words = state.text.slice(from).map((token, index) => {
    if (token === EOS) return '<br>';
    const kind = from + index >= first ? 'context' : token === BOS ? 'marker' : '';
    return kind ? `<span class="${kind}">${escape(token)}</span>` : escape(token);
  });
  const line = ([name, count]) => ({
    name,
    share: count / total,
    note: `${grouped(count)} of ${grouped(total)}`,
  });
  const others = counted.slice(SHOWN);
  const rest = others.reduce((sum, [, count]) => sum + count, 0);
  const lines = counted.slice(0, SHOWN).map(line);
  if (rest) lines.push({ ...line([`${grouped(others.length)} others`, rest]), kind: 'rest' });
  return `<p class="written">${from ? '… ' : ''}${words.join(' ')} <b>?</b></p>${bars(lines, SHOWN + 1)}`;
}

export function read(data, state) {
  const context = contextOf(state.text, state.order);
  const next = followers(data, context).length;
  const choices = next === 1 ? 'one word can come, no other' : `${grouped(next)} words can come`;
  const written = state.text.filter((token) => token !== BOS && token !== EOS).length;
  return (
    `${context.length ? `After “${context.join(' ')}”` : 'Without a context'} ${choices}. ` +
    `${written} tokens written; the longest quotation: ${longestQuotation(data, state.text)}.`
  );
}
