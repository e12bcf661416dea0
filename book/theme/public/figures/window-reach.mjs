/**
 * How far a stack of windowed layers sees, and from where its news comes.
 *
 * Data: `windows` and `layers`, the values of the two sliders, and `shares`: for each window and number of layers, what the
 * last position owes to itself, to the one before it, and so on; each list sums to 1.
 */

import { grouped } from '../figure-parts.mjs';

const CELL = 9;
const BARS = 60; // the height of the largest bar
const LEFT = 16;

export const controls = (data) => [
  { kind: 'slider', name: 'window', label: 'window, W', values: data.windows },
  { kind: 'slider', name: 'layers', label: 'layers, L', values: data.layers },
];

export const opening = () => ({ window: 4, layers: 3 });

export function sharesOf({ windows, layers, shares }, state) {
  return shares[windows.indexOf(state.window)][layers.indexOf(state.layers)];
}

/** The fewest neighbouring positions that hold nine tenths of the whole. */
export function ninetieth(shares) {
  let sum = 0;
  // The shares are one hill: the largest of them stand together.
  return [...shares].sort((a, b) => b - a).findIndex((share) => (sum += share) >= 0.9) + 1;
}

export function draw(data, state) {
  const { window, layers } = state;
  const widest = Math.max(...data.windows.map((w) => 1 + Math.max(...data.layers) * (w - 1)));
  const deepest = Math.max(...data.layers);
  // The last position stands at the right, and there is room for the largest stack.
  const x = (distance) => LEFT + (widest - 1 - distance) * CELL;
  const y = (layer) => (deepest - layer) * CELL * 1.6;
  const rows = Array.from({ length: layers + 1 }, (_, layer) => {
    const felt = 1 + (layers - layer) * (window - 1);
    const cells = Array.from({ length: widest }, (_, distance) => {
      const kind = distance < felt ? 'felt' : 'blind';
      return `<rect class="${kind}" x="${x(distance)}" y="${y(layer)}" width="${CELL - 1}" height="${CELL - 1}"/>`;
    });
    return `<text x="${LEFT - 5}" y="${y(layer) + 9}" text-anchor="end">${layer || 'x'}</text>${cells.join('')}`;
  });
  const shares = sharesOf(data, state);
  const floor = y(0) + CELL + 8 + BARS;
  const bars = shares.map((share, distance) => {
    const height = (BARS * share) / Math.max(...shares);
    return `<rect class="share" x="${x(distance)}" y="${(floor - height).toFixed(1)}" width="${CELL - 1}" height="${height.toFixed(1)}"/>`;
  });
  const base = `<line x1="${LEFT}" x2="${x(-1)}" y1="${floor}" y2="${floor}"/>`;
  return `<svg class="reach" viewBox="0 0 ${x(-1) + 1} ${floor + 1}" aria-hidden="true">${rows.join('')}${bars.join('')}${base}</svg>`;
}

export function read(data, state) {
  const shares = sharesOf(data, state);
  const paths = state.window ** state.layers;
  return (
    `The last position of layer ${state.layers} feels ${shares.length} positions of the text. ` +
    `Nine tenths of what it gets come from ${ninetieth(shares)} of them; ` +
    `the farthest is reached along one path of ${grouped(paths)}.`
  );
}
