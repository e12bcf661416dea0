/**
 * Where each head of a small model looks, for a query that the reader moves.
 *
 * Data: `names` of the vocabulary; `opening`, the query to begin with; and `rows`, each with `name`, `tokens`, `next` (the
 * model's guess after each token: `[number, probability]`) and `weights` (layer, head, query, key ≤ query; in thousandths).
 */

import { escape } from '../figure-parts.mjs';

const CELL = 24;
const LEFT = 22; // of the numbers of the heads
const TOP = 74; // of the first layer's heads
const GAP = 22; // above each layer, for its name

export const controls = (data) => [
  { kind: 'choice', name: 'row', label: 'list', values: data.rows.map((row) => row.name) },
  {
    kind: 'slider',
    name: 'query',
    label: 'query',
    values: data.rows[0].tokens.map((_, index) => index),
    show: (index) => `token ${index + 1}`,
  },
];

export const opening = (data) => ({ row: data.rows[0].name, query: data.opening });

const rowOf = (data, state) => data.rows.find((row) => row.name === state.row);

/** The key with the largest weight among all heads of a layer: `{key, head, weight}`. */
export function strongest(layer, query) {
  let best = { weight: -1 };
  layer.forEach((head, number) =>
    head[query].forEach((thousandths, key) => {
      if (thousandths > 1000 * best.weight) best = { key, head: number + 1, weight: thousandths / 1000 };
    }),
  );
  return best;
}

export function draw(data, state) {
  const { tokens, weights } = rowOf(data, state);
  const heads = weights.flatMap((layer, l) => layer.map((head, h) => ({ head, l, h })));
  const x = (key) => LEFT + key * CELL;
  const y = (line, l) => TOP + line * CELL + l * GAP;
  const names = tokens.map((token, key) => {
    const kind = key === state.query ? 'query' : key > state.query ? 'unseen' : '';
    const middle = x(key) + CELL / 2;
    return `<g class="${kind}" data-sets="query" data-index="${key}"><rect class="token" x="${x(key)}" y="2" width="${CELL}" height="46"/><text transform="translate(${middle + 5} 42) rotate(-90)">${escape(token)}</text></g>`;
  });
  const lines = heads.map(({ head, l, h }, line) => {
    const marks = head[state.query].map((thousandths, key) => {
      const side = (CELL - 2) * Math.sqrt(thousandths / 1000);
      const centre = [x(key) + CELL / 2, y(line, l) + CELL / 2];
      return side < 2
        ? `<circle cx="${centre[0]}" cy="${centre[1]}" r="1"/>`
        : `<rect x="${(centre[0] - side / 2).toFixed(1)}" y="${(centre[1] - side / 2).toFixed(1)}" width="${side.toFixed(1)}" height="${side.toFixed(1)}"/>`;
    });
    const name = `<text class="line-name" x="${LEFT - 6}" y="${y(line, l) + 17}" text-anchor="end">${h + 1}</text>`;
    const layer = `<text class="line-name" x="0" y="${y(line, l) - 5}">layer ${l + 1}, heads</text>`;
    return `<g class="layer-${l + 1}">${h ? '' : layer}${name}${marks.join('')}</g>`;
  });
  const width = x(tokens.length) + 2;
  const height = y(heads.length, weights.length - 1) + 4;
  return `<svg class="heads" viewBox="0 0 ${width} ${height}" aria-hidden="true">${names.join('')}${lines.join('')}</svg>`;
}

export function read(data, state) {
  const { tokens, next, weights } = rowOf(data, state);
  const looks = weights.map((layer, l) => {
    const { key, head, weight } = strongest(layer, state.query);
    return `layer ${l + 1} looks most at token ${key + 1}, ${tokens[key]} (head ${head}: ${weight.toFixed(2)})`;
  });
  const [guess, sure] = next[state.query];
  return `From token ${state.query + 1}, ${tokens[state.query]}: ${looks.join('; ')}. The model’s guess: ${data.names[guess]} (${sure.toFixed(2)}).`;
}
