/**
 * What the keys and values of a decoder weigh, beside its weights, in the memory of an accelerator.
 *
 * Data: `models`, each with `name`, `layers`, `queryHeads`, `kvHeads`, `headWidth` and `weights` (how many numbers); and the
 * `accelerator` with its `name` and `memory` in bytes.
 */

import { escape, grouped } from '../figure-parts.mjs';

const powers = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => 2 ** (first + i));
const TOKENS = powers(8, 20);
const ROWS = powers(0, 8);

export const controls = (data) => [
  { kind: 'choice', name: 'model', label: 'model', values: data.models.map(({ name }) => name) },
  {
    kind: 'choice',
    name: 'grouped',
    label: 'heads of keys and values',
    values: [true, false],
    show: (grouped) => (grouped ? 'as published' : 'one for each query head'),
  },
  {
    kind: 'choice',
    name: 'bytes',
    label: 'bits of a number',
    values: [4, 2, 1],
    show: (bytes) => String(8 * bytes),
  },
  { kind: 'slider', name: 'tokens', label: 'tokens, S', values: TOKENS, show: grouped },
  { kind: 'slider', name: 'rows', label: 'rows, B', values: ROWS },
];

export const opening = (data) => ({ model: data.opening, grouped: true, bytes: 2, tokens: 8192, rows: 1 });

/** 2 · L · G · K · S · B · b: a key and a value for each layer, head, token and row. */
export function cacheBytes({ layers, kvHeads, headWidth }, tokens, rows, bytes) {
  return 2 * layers * kvHeads * headWidth * tokens * rows * bytes;
}

function sizes(data, state) {
  const published = data.models.find(({ name }) => name === state.model);
  const model = state.grouped ? published : { ...published, kvHeads: published.queryHeads };
  return {
    model,
    weights: model.weights * state.bytes,
    cache: cacheBytes(model, state.tokens, state.rows, state.bytes),
    row: cacheBytes(model, state.tokens, 1, state.bytes),
  };
}

const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 1)} GB`;

/** How many rows of this length fit beside the weights. */
export function rowsThatFit(memory, weights, row) {
  return Math.max(0, Math.floor((memory - weights) / row));
}

export function draw(data, state) {
  const { memory, name } = data.accelerator;
  const { model, weights, cache } = sizes(data, state);
  const whole = Math.max(memory, weights + cache);
  const percent = (bytes) => `${((100 * bytes) / whole).toFixed(2)}%`;
  const factors = [
    ['2', 'k, v'],
    [model.layers, 'layers'],
    [model.kvHeads, 'heads'],
    [model.headWidth, 'width'],
    [grouped(state.tokens), 'tokens'],
    [state.rows, 'rows'],
    [state.bytes, 'bytes'],
  ].map(([number, of]) => `<span class="factor">${number}<small>${of}</small></span>`);
  return `<p class="product">${factors.join(' · ')} <span class="factor">= ${gigabytes(cache)}<small>cache</small></span></p>
<p class="memory-key"><span class="weights">weights ${gigabytes(weights)}</span><span class="cache">cache ${gigabytes(cache)}</span><span class="frame">${escape(name)} ${gigabytes(memory)}</span></p>
<svg class="memory" aria-hidden="true">
<rect class="frame" width="${percent(memory)}" height="100%"/>
<rect class="weights" width="${percent(weights)}" height="100%"/>
<rect class="cache" x="${percent(weights)}" width="${percent(cache)}" height="100%"/>
<line x1="${percent(memory)}" x2="${percent(memory)}" y2="100%"/>
</svg>`;
}

export function read(data, state) {
  const { memory, name } = data.accelerator;
  const { weights, cache, row } = sizes(data, state);
  const fits = rowsThatFit(memory, weights, row);
  const many =
    weights > memory
      ? `The weights alone do not fit on one ${name}.`
      : `${grouped(fits)} ${fits === 1 ? 'row' : 'rows'} of ${grouped(state.tokens)} tokens fit beside the weights on one ${name}.`;
  return `The cache takes ${gigabytes(cache)}, the weights ${gigabytes(weights)}. ${many}`;
}
