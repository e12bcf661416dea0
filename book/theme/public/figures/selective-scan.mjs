/**
 * What the last state of a scan owes to each token, when letters and noise have steps of their own.
 *
 * Data: `tokens` of a text, of which `noise` is no letter. One channel, one number of state, A = −1, and zero-order hold:
 * a step of length Δ keeps e^−Δ of the state and fills the rest with the token.
 */

import { escape } from '../figure-parts.mjs';

const CELL = 24;
const TALLEST = 56; // of a bar, in both rows
const STEPS = [0, 0.001, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4];

export const controls = () => [
  { kind: 'slider', name: 'letters', label: 'Δ of a letter', values: STEPS },
  { kind: 'slider', name: 'noise', label: 'Δ of noise', values: STEPS },
];

export const opening = () => ({ letters: 0.3, noise: 0.3 });

/** The length of each token's step. */
export const stepsOf = ({ tokens, noise }, state) =>
  tokens.map((token) => (token === noise ? state.noise : state.letters));

/** The share of each token in the last state; what is missing to 1 is the empty state of the beginning. */
export function sharesOf(steps) {
  return steps.map(
    (step, t) => (1 - Math.exp(-step)) * Math.exp(-steps.slice(t + 1).reduce((sum, later) => sum + later, 0)),
  );
}

export function draw(data, state) {
  const steps = stepsOf(data, state);
  const bar = (kind, t, height, floor) =>
    `<rect class="${kind}" x="${t * CELL + 3}" y="${(floor - height).toFixed(1)}" width="${CELL - 6}" height="${height.toFixed(1)}"/>`;
  const middle = 22 + TALLEST;
  const floor = middle + 66 + TALLEST;
  const columns = sharesOf(steps).map((share, t) => {
    const kind = data.tokens[t] === data.noise ? 'passed' : 'letter';
    const step = bar(kind, t, (TALLEST * steps[t]) / STEPS.at(-1), middle);
    const name = `<text class="${kind}" x="${(t + 0.5) * CELL}" y="${middle + 19}" text-anchor="middle">${escape(data.tokens[t])}</text>`;
    return step + name + bar(kind, t, TALLEST * share, floor);
  });
  const width = data.tokens.length * CELL;
  const line = (y) => `<line x1="0" x2="${width}" y1="${y}" y2="${y}"/>`;
  const title = (y, text) => `<text x="0" y="${y}">${text}</text>`;
  return `<svg class="valves" viewBox="0 0 ${width} ${floor + 1}" aria-hidden="true">${title(15, 'length of the step')}${title(middle + 52, 'share of the last state')}${columns.join('')}${line(middle)}${line(floor)}</svg>`;
}

export function read(data, state) {
  const shares = sharesOf(stepsOf(data, state));
  const letters = shares.filter((_, t) => data.tokens[t] !== data.noise);
  const names = data.tokens.filter((token) => token !== data.noise);
  const sum = (list) => list.reduce((total, share) => total + share, 0);
  const each = letters.map((share, i) => `${names[i]} ${share.toFixed(2)}`).join(', ');
  return (
    `Letters hold ${sum(letters).toFixed(2)} of the last state, noise ${(sum(shares) - sum(letters)).toFixed(2)}, ` +
    `the empty beginning ${(1 - sum(shares)).toFixed(2)}. Letter by letter: ${each}.`
  );
}
