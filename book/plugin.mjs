/**
 * The book's own directives and transforms, as the engine loads them.
 *
 * plugin.py draws everything that comes from the catalog, once for the whole book: starting Python for each of a hundred
 * cards would cost more than the rest of the build.
 */

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PYTHON = fileURLToPath(new URL('plugin.py', import.meta.url));
const FIGURES = new URL('theme/public/figures', import.meta.url);

/** The answer of plugin.py. What it says in words when something is wrong becomes the engine's error. */
function ask(...question) {
  const options = { encoding: 'utf-8', maxBuffer: 2 ** 28 };
  const { stdout, stderr, status, error } = spawnSync(PYTHON, question, options);
  if (error || status) throw new Error(error?.message ?? stderr.trim());
  return JSON.parse(stdout);
}

const drawn = ask();

function directive(name, doc, argument) {
  return {
    name,
    doc,
    arg: { type: String, required: Boolean(argument), doc: argument },
    // What was not there when the build began was added since, or is a mistake that plugin.py explains.
    run: ({ arg = '' }) => structuredClone(drawn[name][arg.trim()]) ?? ask(name, arg.trim()),
  };
}

/** A number in the prose. */
function role(name, doc, text) {
  const { arg, run, ...rest } = directive(name, doc, text);
  return { ...rest, body: arg, run: ({ body }) => run({ arg: body }) };
}

/** A chapter of the plan: a link if it is here, else its name as the page has it. */
const chapter = {
  name: 'chapter',
  doc: 'A chapter of the plan.',
  body: { type: String, required: true, doc: 'Its number and its title' },
  run: ({ body }) => structuredClone(drawn.chapters[parseInt(body)]) ?? [{ type: 'text', value: body }],
};

/** The place of a figure: a link to its numbers, which the theme follows, and its title. See docs/figures.md. */
const interactiveFigure = {
  name: 'interactive-figure',
  doc: 'A figure that readers move.',
  arg: { type: String, required: true, doc: 'A module of theme/public/figures' },
  options: { data: { type: String, doc: 'Its numbers: a file in data/, without the ending; else as the module' } },
  body: { type: 'myst', required: true, doc: 'The title: what it shows' },
  run: ({ arg: name, options: { data = name } = {}, body }) => {
    const known = fs.readdirSync(FIGURES).map((file) => path.parse(file).name);
    if (!known.includes(name))
      throw new Error(`interactive-figure: there is no figure '${name}'; there is ${known.join(', ')}`);
    const url = `./data/${data}.json`;
    if (!fs.existsSync(url))
      throw new Error(`interactive-figure: ${url} is missing; run the notebook that writes it`);
    const numbers = { type: 'link', url, children: [{ type: 'text', value: 'The numbers in this figure' }] };
    return [{ type: 'interactive', name, children: [numbers, ...body] }];
  },
};

/** Every page of a chapter opens with what the catalog knows of it. */
function openPage() {
  return (tree, { path: file }) => {
    const opening = drawn.openings[path.parse(file).name];
    if (opening) tree.children.unshift(...structuredClone(opening));
  };
}

/** Where a name in backticks is no mention in a sentence, or may not become a link. */
const NO_PROSE = new Set([
  'admonitionTitle',
  'cardTitle',
  'cite',
  'code',
  'crossReference',
  'definitionTerm',
  'exercise',
  'heading',
  'link',
  'outputs',
  'solution',
  'summary',
]);

/** The first mention of a symbol on a page leads to its description; on pages of descriptions the first in each. */
function linkSymbols() {
  return (tree, { path: file }) => {
    const isDescription = path.parse(file).name.startsWith('api-');
    let seen = new Set();
    const walk = (node) => {
      if (node.type === 'heading' && isDescription) seen = new Set([node.label]);
      if (NO_PROSE.has(node.type)) return;
      node.children?.forEach((child, index) => {
        const name = child.type === 'inlineCode' && child.value.replace(/\(\)$/, '');
        const label = name && Object.hasOwn(drawn.symbols, name) && drawn.symbols[name];
        if (!label) return walk(child);
        if (seen.has(label)) return;
        seen.add(label);
        const target = { label, identifier: label.toLowerCase() };
        node.children[index] = { type: 'crossReference', kind: 'ref', ...target, children: [child] };
      });
    };
    walk(tree);
  };
}

export default {
  name: 'The course in the book',
  directives: [
    directive('exercise-card', 'What one exercise asks, with its command and its hints.', 'The id: module.symbol'),
    directive('exercise-list', 'The exercises of a chapter as a table.', "The chapter's first page"),
    directive('ladder', 'Every model that was measured, as bars above the floor, and as a table.'),
    directive('grader-quality', 'What is proven of the grader, as tables.'),
    directive('grader-published', 'What published suites catch, beside ours.'),
    interactiveFigure,
  ],
  roles: [chapter, role('grader-figure', 'One number of what is proven of the grader.', 'Its name: mistakes, bar, …')],
  transforms: [
    { name: 'openings', stage: 'document', plugin: openPage },
    { name: 'symbols', stage: 'document', plugin: linkSymbols },
  ],
};
