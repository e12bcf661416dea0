/**
 * What a rank keeps of the change that full fine-tuning made, what its two strips cost, and what the model then loses.
 *
 * Data: `matrices`, each `{name, rows, columns, values}` with the singular values of its change; `ranks` of the slider, and
 * for each of them the bits above the floor of the model with every matrix's change `cut` to that rank, and of a correction
 * `trained` with it, null where none was.
 */

import { escape, grouped } from '../figure-parts.mjs';

const BAR = 5;
const TALLEST = 64;
const SIDE = 130; // of the longest side of any matrix
const GAP = 5;
const AXIS = { left: 268, right: 464, from: 0.05, to: 6 };

export const controls = (data) => [
  { kind: 'choice', name: 'matrix', label: 'matrix', values: data.matrices.map(({ name }) => name) },
  { kind: 'slider', name: 'rank', label: 'rank, R', values: data.ranks },
];

export const opening = (data) => ({ matrix: data.matrices[0].name, rank: 8 });

const matrixOf = (data, state) => data.matrices.find(({ name }) => name === state.matrix);

/** The numbers of the two strips, and of the matrix that they correct. */
export const costOf = ({ rows, columns }, rank) => [rank * (rows + columns), rows * columns];

/** The share of the change's squares that its `rank` largest singular values hold. */
export function keptOf({ values }, rank) {
  const squares = values.map((value) => value ** 2);
  const sum = (list) => list.reduce((total, square) => total + square, 0);
  return sum(squares.slice(0, rank)) / sum(squares);
}

const bitsOf = (list, data, state) => list[data.ranks.indexOf(state.rank)];

function spectrum({ values }, rank) {
  const floor = 22 + TALLEST;
  const bars = values.map((value, i) => {
    const height = Math.round((TALLEST * value) / values[0]);
    return `M${i * BAR} ${floor}v-${height}h${BAR - 1}v${height}z`;
  });
  const path = (kind, some) => `<path class="${kind}" d="${some.join('')}"/>`;
  return `<text x="0" y="14">singular values of the change</text>${path('kept', bars.slice(0, rank))}${path('dropped', bars.slice(rank))}`;
}

function strips(matrix, rank, top, scale) {
  const [height, width, thin] = [matrix.rows, matrix.columns, rank].map((side) => side * scale);
  const most = Math.min(matrix.rows, matrix.columns) * scale;
  const box = (kind, x, y, w, h) =>
    `<rect class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"/>`;
  const under = top + most + GAP;
  const label = (x, y, text) => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${text}</text>`;
  const drawn = [box('frozen', 0, under, width, height)];
  if (rank > 0) {
    drawn.push(box('strip', 0, under - GAP - thin, width, thin), box('strip', width + GAP, under, thin, height));
    drawn.push(label(width + 6, under - GAP, 'A'), label(width + GAP + thin + 5, under + 12, 'B'));
  }
  return drawn.join('');
}

function losses(data, state, top) {
  const { left, right, from, to } = AXIS;
  const x = (bits) => left + ((right - left) * Math.log(bits / from)) / Math.log(to / from);
  const line = top + 62;
  const ticks = [0.1, 1, 5].map(
    (bits) =>
      `<line x1="${x(bits)}" x2="${x(bits)}" y1="${line - 4}" y2="${line + 4}"/><text class="tick" x="${x(bits)}" y="${line + 46}" text-anchor="middle">${bits}</text>`,
  );
  const cut = bitsOf(data.cut, data, state);
  const trained = bitsOf(data.trained, data, state);
  const marks = [
    `<rect class="cut" x="${x(cut) - 5}" y="${line - 5}" width="10" height="10"/><text class="cut" x="${x(cut)}" y="${line - 13}" text-anchor="middle">cut ${cut.toFixed(2)}</text>`,
  ];
  if (trained !== null) {
    marks.push(
      `<circle class="trained" cx="${x(trained)}" cy="${line}" r="5.5"/><text class="trained" x="${x(trained)}" y="${line + 25}" text-anchor="middle">trained ${trained.toFixed(2)}</text>`,
    );
  }
  return `<text x="${left - 28}" y="${top + 12}">bits above the floor</text><line x1="${left}" x2="${right}" y1="${line}" y2="${line}"/>${ticks.join('')}${marks.join('')}`;
}

export function draw(data, state) {
  const matrix = matrixOf(data, state);
  const scale = SIDE / Math.max(...data.matrices.flatMap(({ rows, columns }) => [rows, columns]));
  const widest = Math.max(...data.matrices.map(({ values }) => values.length)) * BAR;
  const tallest = Math.max(...data.matrices.map(({ rows, columns }) => rows + Math.min(rows, columns))) * scale;
  const top = 22 + TALLEST + 34;
  const title = `<text x="0" y="${top - 10}">${escape(matrix.name)}, ${matrix.rows} × ${matrix.columns}, and its strips</text>`;
  return `<svg class="ranks" viewBox="0 0 ${widest} ${Math.ceil(top + tallest + GAP + 2)}" aria-hidden="true">${spectrum(matrix, state.rank)}${title}${strips(matrix, state.rank, top, scale)}${losses(data, state, top + 4)}</svg>`;
}

export function read(data, state) {
  const matrix = matrixOf(data, state);
  const [strips, whole] = costOf(matrix, state.rank);
  const trained = bitsOf(data.trained, data, state);
  return (
    `The strips hold ${grouped(strips)} numbers, ${Math.round((100 * strips) / whole)} % of the matrix. ` +
    `The ${state.rank} largest directions have ${Math.round(100 * keptOf(matrix, state.rank))} % of the change’s squares here. ` +
    `With every matrix’s change cut so, the model is ${bitsOf(data.cut, data, state).toFixed(2)} bits above the floor` +
    (trained === null ? '; nothing was trained with this rank.' : `; trained with this rank, ${trained.toFixed(2)}.`)
  );
}
