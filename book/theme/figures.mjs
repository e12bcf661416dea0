/**
 * Interactive figures, drawn once while the book is built.
 *
 * What a figure shows is a pure function of its data and of the reader's choices, in a module of public/figures. Here it
 * is called with the opening choices: that picture is what a reader without scripts, a printer or a search engine gets,
 * and because it stands there from the start, nothing moves when the script takes over (public/figure.mjs).
 * The contract of such a module, and how to write one: docs/figures.md.
 */

import { escape, tag } from './html.mjs';

/** Brings each figure's module and data to its node before the page is drawn. */
export async function loadFigures(node, fetchText) {
  if (node.type === 'interactive') {
    const module = await import(`./public/figures/${node.name}.mjs`);
    node.figure = { module, data: JSON.parse(await fetchText(dataOf(node).url)) };
  }
  for (const child of node.children ?? []) await loadFigures(child, fetchText);
}

/** The link to the numbers, which the plugin puts first: the engine copies the file that it leads to. */
function dataOf(node) {
  return node.children[0];
}

function slider({ name, label, values, show = String }, value) {
  return tag(
    'label',
    { class: 'control control-slider' },
    tag('span', {}, escape(label)),
    tag('input', {
      type: 'range',
      'data-control': name,
      max: String(values.length - 1),
      value: String(values.indexOf(value)),
      'aria-valuetext': show(value),
      disabled: true,
    }),
    tag('span', { class: 'control-value', 'aria-hidden': 'true' }, escape(show(value))),
  );
}

/** Radio buttons: arrow keys move between them, and the browser needs no help. */
function choice({ name, label, values, show = String }, value, group) {
  const options = values.map((option, index) =>
    tag(
      'label',
      {},
      tag('input', {
        type: 'radio',
        name: `${group}-${name}`,
        'data-control': name,
        value: String(index),
        checked: option === value,
        disabled: true,
      }),
      tag('span', {}, escape(show(option))),
    ),
  );
  return tag('fieldset', { class: 'control control-choice' }, tag('legend', {}, escape(label)), options);
}

function button({ name, label }) {
  return tag('button', { type: 'button', 'data-control': name, disabled: true }, escape(label));
}

const CONTROLS = { slider, choice, button };

/** A figure in its opening state, with its controls; they wait for the script and hide where there is none. */
export function renderFigure(node, context, renderChildren) {
  const { module, data } = node.figure;
  const state = module.opening(data);
  context.figures = (context.figures ?? 0) + 1;
  const group = `_figure-${context.figures}`;
  const controls = module
    .controls(data)
    .map((control) => CONTROLS[control.kind](control, state[control.name], group));
  return [
    context.figures === 1 && tag('link', { rel: 'stylesheet', href: `${context.base}/figure.css` }),
    tag(
      'figure',
      {
        id: node.html_id,
        class: `interactive interactive-${node.name}`,
        'data-figure': node.name,
        'data-source': context.asset(dataOf(node).url),
      },
      tag('figcaption', {}, renderChildren({ children: node.children.slice(1) }, context)),
      tag('div', { class: 'figure-controls needs-script' }, controls),
      tag('div', { class: 'figure-drawing' }, module.draw(data, state)),
      tag('p', { class: 'figure-reading', role: 'status' }, escape(module.read(data, state))),
      tag('p', { class: 'figure-numbers' }, renderChildren({ children: [dataOf(node)] }, context)),
    ),
    context.figures === 1 && tag('script', { type: 'module', src: `${context.base}/figure.mjs` }),
  ]
    .filter(Boolean)
    .join('');
}
