/**
 * A model's distribution over the next token, made sharper or flatter, and cut off.
 *
 * Data: `prompts`, each with `text` and `tokens`, the likeliest first: `[token, logit]`, and after them the long tail in
 * groups of nearly equal logits: `[null, mean logit, how many]`.
 */

import { bars, chance, escape, grouped, pick } from '../figure-parts.mjs';

const SHOWN = 10;
const ALL = Infinity;

export const controls = (data) => [
  { kind: 'choice', name: 'prompt', label: 'text', values: data.prompts.map(({ text }) => text) },
  {
    kind: 'slider',
    name: 'temperature',
    label: 'temperature τ',
    values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2],
  },
  {
    kind: 'slider',
    name: 'k',
    label: 'top-k',
    values: [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, ALL],
    show: (k) => (k === ALL ? 'all' : grouped(k)),
  },
  {
    kind: 'slider',
    name: 'p',
    label: 'top-p',
    values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1],
  },
  { kind: 'button', name: 'draw', label: 'Draw ten tokens' },
];

export const opening = (data) => ({
  prompt: data.prompts[0].text,
  temperature: 1,
  k: ALL,
  p: 1,
  drawn: [],
  draws: 0,
});

export const countOf = ([, , count = 1]) => count;

/** Probabilities of the entries, largest first: softmax of logit / temperature, each entry `count` tokens heavy. */
export function softened(tokens, temperature) {
  const highest = tokens[0][1];
  const weights = tokens.map((entry) => countOf(entry) * Math.exp((entry[1] - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * How many tokens of each entry are kept: the k likeliest, and of these the fewest that hold a share of p. The order is
 * that of `transformers`: temperature, then k, then p of what k has left.
 */
export function kept(tokens, probabilities, k, p) {
  let room = k;
  const byK = tokens.map((entry) => {
    const taken = Math.min(countOf(entry), room);
    room -= taken;
    return taken;
  });
  if (p === 1) return byK;
  const shareOf = (index) => (probabilities[index] * byK[index]) / countOf(tokens[index]);
  const total = tokens.reduce((sum, _, index) => sum + shareOf(index), 0);
  let held = 0;
  return tokens.map((_, index) => {
    const share = shareOf(index) / total;
    const missing = p - held;
    held += share;
    if (missing <= 1e-12 || !byK[index]) return 0;
    return share <= missing ? byK[index] : Math.ceil((missing / share) * byK[index] - 1e-9);
  });
}

/** What is drawn from: the probabilities of the entries once the cut tokens are gone, and the share that was left. */
export function truncated({ tokens }, { temperature, k, p }) {
  const before = softened(tokens, temperature);
  const numbers = kept(tokens, before, k, p);
  const shares = before.map((share, index) => (share * numbers[index]) / countOf(tokens[index]));
  const left = shares.reduce((sum, share) => sum + share, 0);
  return { before, numbers, left, after: shares.map((share) => share / left) };
}

const promptOf = (data, state) => data.prompts.find(({ text }) => text === state.prompt);
/** As a word: most tokens begin with the space before it. */
const nameOf = (token) => token.trim() || '␣';

export function act(data, state, name) {
  if (name !== 'draw') return { ...state, drawn: [] };
  const prompt = promptOf(data, state);
  const { after } = truncated(prompt, state);
  const drawn = Array.from({ length: 10 }, (_, i) => pick(after, chance(1, state.draws + i)));
  return { ...state, drawn: drawn.map((index) => prompt.tokens[index][0]), draws: state.draws + 10 };
}

export function draw(data, state) {
  const prompt = promptOf(data, state);
  const { before, after, numbers } = truncated(prompt, state);
  const lines = prompt.tokens.slice(0, SHOWN).map(([token], index) => ({
    name: nameOf(token),
    share: after[index],
    note: numbers[index] ? after[index].toFixed(3) : `cut (${before[index].toFixed(3)})`,
    kind: numbers[index] ? '' : 'cut',
  }));
  const rest = after.slice(SHOWN).reduce((sum, share) => sum + share, 0);
  const others = numbers.slice(SHOWN).reduce((sum, number) => sum + number, 0);
  lines.push({ name: `${grouped(others)} others`, share: rest, note: rest.toFixed(3), kind: 'rest' });
  const drawn = state.drawn.map((token) =>
    token === null ? '<span class="tail">one of the tail</span>' : `<span>${escape(nameOf(token))}</span>`,
  );
  return `${bars(lines, SHOWN + 1)}<p class="drawn">Drawn: ${drawn.join(' ') || '–'}</p>`;
}

export function read(data, state) {
  const prompt = promptOf(data, state);
  const { numbers, left, after } = truncated(prompt, state);
  const total = prompt.tokens.reduce((sum, entry) => sum + countOf(entry), 0);
  const number = numbers.reduce((sum, count) => sum + count, 0);
  const likeliest = `The likeliest, “${nameOf(prompt.tokens[0][0])}”, has ${after[0].toFixed(2)}.`;
  return number === total
    ? `Any of the ${grouped(total)} tokens can come. ${likeliest}`
    : `${grouped(number)} of ${grouped(total)} tokens can come; before the cut they held ${left.toFixed(2)}. ${likeliest}`;
}
