/** The engine's syntax tree as HTML: one function for each node type, and an error for a type without one. */

import { renderCode } from './code.mjs';
import { renderFigure } from './figures.mjs';
import { classes, escape, tag, textOf, withoutLinks } from './html.mjs';
import { compact } from './math.mjs';
import { renderOutput } from './outputs.mjs';

export class UnknownNode extends Error {}

/** Everything that a node may need to know about its page. Footnotes are collected here on the way. */
export function contextFor({ slug, base, words }) {
  return {
    base,
    words,
    footnotes: [],
    footnoteUses: new Map(),
    tabSets: 0,
    fail: (what) => {
      throw new UnknownNode(`unknown ${what} on page "${slug}": add it to render.mjs or change the page`);
    },
    asset: (path) => (isOutside(path) ? path : `${base}/build${path}`),
    link: (url) => pageAddress(url, base),
  };
}

function isOutside(url) {
  return /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url);
}

/** `/ngrams#counts` becomes `/base/ngrams/#counts`: with the slash at the end, a static server need not redirect. */
export function pageAddress(url, base) {
  if (isOutside(url) || !url.startsWith('/')) return url;
  const [, path, rest] = /^([^?#]*)(.*)$/.exec(url);
  const isFile = /\.[a-z0-9]+$/i.test(path);
  return base + path + (path.endsWith('/') || isFile ? '' : '/') + rest;
}

export function render(node, context) {
  if (!Object.hasOwn(RENDERERS, node.type)) context.fail(`node type "${node.type}"`);
  return RENDERERS[node.type](node, context);
}

export function renderChildren(node, context) {
  return (node.children ?? []).map((child) => render(child, context)).join('');
}

/** `{'--bits': '0.5'}` as the value of a style attribute. */
function inlineStyle(style) {
  return Object.entries(style ?? {}).map(([property, value]) => `${property}:${value}`).join(';');
}

/** A renderer for nodes that are one HTML element and nothing more. */
function element(name, className) {
  return (node, context) =>
    tag(
      name,
      { id: node.html_id, class: classes(className, node.class), style: inlineStyle(node.style) },
      renderChildren(node, context),
    );
}

function nothing() {
  return '';
}

// ---------------------------------------------------------------- text and links

/** The number of a heading or a page, if it has one. */
export function headingNumber({ enumerator }) {
  return enumerator ? `${tag('span', { class: 'heading-number' }, escape(enumerator))} ` : '';
}

function heading(node, context) {
  const link =
    node.html_id &&
    tag('a', { class: 'anchor', href: `#${node.html_id}`, 'aria-label': context.words.sectionLink }, '#');
  // The page's title is its only first-level heading.
  const name = `h${Math.min(Math.max(node.depth, 2), 6)}`;
  return tag(
    name,
    { id: node.html_id, class: node.class },
    headingNumber(node),
    renderChildren(node, context),
    link,
  );
}

function link(node, context) {
  const href = node.static ? context.asset(node.url) : context.link(node.url);
  const isPage = node.internal && !node.static;
  return tag(
    'a',
    { href, title: node.title, class: classes(isPage && 'ref', node.class), download: Boolean(node.static) },
    renderChildren(node, context),
  );
}

function crossReference(node, context) {
  const anchor = node.html_id ?? node.identifier;
  const href = (node.url ? context.link(node.url) : '') + (anchor ? `#${anchor}` : '');
  return tag('a', { class: 'ref', href }, renderChildren(node, context));
}

function citation(node, context) {
  const before = node.prefix ? `${escape(node.prefix)} ` : '';
  const after = node.suffix ? `, ${escape(node.suffix)}` : '';
  return (
    before + tag('a', { class: 'ref', href: `#_cite-${node.label}` }, renderChildren(node, context)) + after
  );
}

function citationGroup(node, context) {
  const inner = node.children.map((child) => citation(child, context)).join('; ');
  return node.kind === 'narrative' ? inner : `(${inner})`;
}

function footnoteReference(node, context) {
  const number = node.enumerator ?? node.identifier;
  const use = (context.footnoteUses.get(number) ?? 0) + 1;
  context.footnoteUses.set(number, use);
  const id = use === 1 ? `_footnote-use-${number}` : undefined;
  return tag('sup', {}, tag('a', { class: 'ref', id, href: `#_footnote-${number}` }, escape(number)));
}

/** Footnotes are drawn at the end of the page, wherever they are written. */
function footnoteDefinition(node, context) {
  context.footnotes.push({ number: node.enumerator ?? node.identifier, html: renderChildren(node, context) });
  return '';
}

function abbreviation(node, context) {
  return tag('abbr', { title: node.title }, renderChildren(node, context));
}

function math(node) {
  const number = node.enumerated !== false && node.enumerator;
  const numberLink =
    number &&
    tag(
      node.html_id ? 'a' : 'span',
      { class: 'equation-number', href: node.html_id && `#${node.html_id}` },
      `(${escape(number)})`,
    );
  return tag(
    'div',
    { class: classes('math', node.class), id: node.html_id },
    tag('div', { class: 'scroll' }, compact(node.html)),
    numberLink,
  );
}

// ---------------------------------------------------------------- lists and tables

function list(node, context) {
  const isLoose = node.children.some(
    (item) => item.children.filter((child) => child.type === 'paragraph').length > 1,
  );
  const items = node.children.map((item) => listItem(item, context, isLoose));
  const start = node.ordered && node.start > 1 ? node.start : undefined;
  return tag(node.ordered ? 'ol' : 'ul', { start, id: node.html_id, class: node.class }, items);
}

function listItem(node, context, isLoose = true) {
  const isTask = typeof node.checked === 'boolean';
  const label = node.checked ? context.words.done : context.words.notDone;
  const box =
    isTask && tag('input', { type: 'checkbox', disabled: true, checked: node.checked, 'aria-label': label });
  const content = (node.children ?? []).map((child) =>
    child.type === 'paragraph' && !isLoose ? renderChildren(child, context) : render(child, context),
  );
  return tag('li', { class: classes(isTask && 'task') }, box, content);
}

function table(node, context) {
  const isHeader = (row) => row.children.every((cell) => cell.header);
  const bodyStart = node.children.findIndex((row) => !isHeader(row));
  const headEnd = bodyStart === -1 ? node.children.length : bodyStart;
  const rows = (part, scope) =>
    part.map((row) =>
      tag(
        'tr',
        { class: row.class },
        row.children.map((cell) => tableCell(cell, context, scope)),
      ),
    );
  const head = headEnd > 0 && tag('thead', {}, rows(node.children.slice(0, headEnd), 'col'));
  const body = tag('tbody', {}, rows(node.children.slice(headEnd), 'row'));
  return tag('div', { class: 'scroll' }, tag('table', { id: node.html_id, class: node.class }, head, body));
}

function tableCell(node, context, scope) {
  const attributes = {
    class: classes(node.align && `align-${node.align}`, node.class),
    colspan: node.colspan,
    rowspan: node.rowspan,
    scope: node.header ? scope : undefined,
  };
  // An empty header cell names nothing, and a screen reader should not announce it.
  const name = node.header && textOf(node).trim() ? 'th' : 'td';
  return tag(
    name,
    name === 'th' ? attributes : { ...attributes, scope: undefined },
    renderChildren(node, context),
  );
}

// ---------------------------------------------------------------- pictures and frames

function image(node, context) {
  // A placeholder stands for a frame or an output in print formats that cannot show it.
  if (node.placeholder) return '';
  const source = context.asset(node.url);
  const size = [node.width && `width:${node.width}`, node.height && `height:${node.height}`]
    .filter(Boolean)
    .join(';');
  const attributes = {
    src: source,
    id: node.html_id,
    class: classes(node.align && `align-${node.align}`, node.class),
    style: size,
  };
  if (/\.(mp4|webm)$/.test(source))
    return tag('video', { ...attributes, controls: true, 'aria-label': node.alt });
  // Unlike other attributes an empty alt has a meaning (decoration), and must be written.
  return tag('img', { ...attributes, ...node.size, title: node.title, loading: 'lazy', alt: node.alt || true });
}

function container(node, context) {
  const name = node.kind === 'quote' ? 'quote' : `figure-${node.kind ?? 'figure'}`;
  return tag(
    'figure',
    {
      id: node.html_id,
      class: classes(
        name,
        node.subcontainer && 'subfigure',
        node.children.some((child) => child.subcontainer) && 'subfigures',
        node.class,
      ),
    },
    renderChildren(node, context),
  );
}

function frame(node, context) {
  return tag('iframe', {
    src: context.link(node.src),
    title: node.title ?? node.src,
    id: node.html_id,
    class: node.class,
    style: node.width && `width:${node.width}`,
    loading: 'lazy',
  });
}

function mermaid(node) {
  return renderCode({ ...node, lang: 'mermaid' });
}

// ---------------------------------------------------------------- boxes: admonitions, theorems, exercises

/** One frame for them all: `Theorem 1 (Chain rule)`, or `Note`. The class `dropdown` folds it. */
function box(node, context, kind) {
  const isTitle = (child) => child.type === 'admonitionTitle';
  const title = withoutLinks(
    (node.children ?? [])
      .filter(isTitle)
      .map((child) => renderChildren(child, context))
      .join(''),
  );
  const body = (node.children ?? [])
    .filter((child) => !isTitle(child))
    .map((child) => render(child, context))
    .join('');
  const kindName = context.words.kinds[kind];
  const isFolded = /\bdropdown\b/.test(node.class ?? '');
  const attributes = { id: node.html_id, class: classes('box', `box-${kind ?? 'plain'}`, node.class) };
  const titleLine = boxTitle(node, kind, kindName, title);
  if (isFolded)
    return tag(
      'details',
      { ...attributes, open: Boolean(node.open) },
      tag('summary', { class: 'box-title' }, titleLine),
      body,
    );
  return tag('div', attributes, titleLine && tag('p', { class: 'box-title' }, titleLine), body);
}

function boxTitle(node, kind, kindName, title) {
  if (!kindName) return title;
  const isNumbered = node.enumerator && kind !== 'proof';
  const name = tag(
    'span',
    { class: 'box-kind' },
    kindName + (isNumbered ? `\u00a0${escape(node.enumerator)}` : ''),
  );
  // The engine titles a plain note "Note", and a solution "Solution to Exercise 1": do not say it twice.
  const saysKind = title.replace(/\s/g, '').toLowerCase() === kind;
  if (!title || saysKind) return name;
  return kind === 'solution' ? title : `${name} ${tag('span', { class: 'box-name' }, title)}`;
}

function admonition(node, context) {
  const named = (node.class ?? '').split(' ').find((name) => context.words.kinds[name]);
  return box(node, context, named ?? node.kind);
}

function exerciseOrSolution(node, context) {
  return node.hidden ? '' : box(node, context, node.type);
}

function aside(node, context) {
  return tag(
    'aside',
    { id: node.html_id, class: classes('aside', node.class) },
    renderChildren(node, context),
  );
}

function details(node, context) {
  return tag(
    'details',
    { id: node.html_id, class: classes('fold', node.class), open: Boolean(node.open) },
    renderChildren(node, context),
  );
}

function summary(node, context) {
  return tag('summary', {}, withoutLinks(renderChildren(node, context)));
}

// ---------------------------------------------------------------- tabs, cards, grids

/** Tabs are radio buttons: the browser switches them and moves between them by arrow keys, with scripts off as well. */
function tabSet(node, context) {
  context.tabSets += 1;
  const set = `_tabs-${context.tabSets}`;
  const first = Math.max(
    0,
    node.children.findIndex((item) => item.selected),
  );
  const items = node.children.map((item, index) => {
    const id = `${set}-${index + 1}`;
    return [
      tag('input', {
        type: 'radio',
        name: set,
        id,
        checked: index === first,
        'data-sync': item.sync ?? item.title,
      }),
      tag('label', { for: id }, escape(item.title)),
      render(item, context),
    ];
  });
  return tag(
    'div',
    {
      class: classes('tabs', node.class),
      id: node.html_id,
      role: 'radiogroup',
      'aria-label': context.words.tabs,
    },
    items.flat(),
  );
}

function grid(node, context) {
  const [phone, , , wide] = [...(node.columns ?? []), 1, 2, 2, 3];
  return tag(
    'div',
    {
      class: classes('grid', node.class),
      id: node.html_id,
      style: `--columns:${wide};--phone-columns:${phone}`,
    },
    renderChildren(node, context),
  );
}

/** A card that is a link keeps one real link, stretched over the card: links in its text stay usable. */
function card(node, context) {
  const href = node.url && (node.static ? context.asset(node.url) : context.link(node.url));
  const hasTitle = node.children.some((child) => child.type === 'cardTitle');
  const inner = node.children.map((child) =>
    child.type === 'cardTitle' && href
      ? tag(
          'p',
          { class: 'card-title' },
          tag('a', { class: 'card-link', href }, withoutLinks(renderChildren(child, context))),
        )
      : render(child, context),
  );
  const bareLink = href && !hasTitle && tag('a', { class: 'card-link', href, 'aria-label': textOf(node) });
  return tag('div', { class: classes('card', node.class), id: node.html_id }, inner, bareLink);
}

// ---------------------------------------------------------------- notebooks

/** The tags hide-… fold a part of a cell, and remove-… leave it out. */
function byVisibility(node, label, html) {
  if (node.visibility === 'remove' || !html) return '';
  return node.visibility === 'hide'
    ? tag('details', { class: 'fold fold-cell' }, tag('summary', {}, label), html)
    : html;
}

function block(node, context) {
  // A cell gets the anchor that its author gave it; the ids that Jupyter makes up would only be noise.
  const id = node.label ? node.html_id : undefined;
  if (node.kind !== 'notebook-code') {
    const html = renderChildren(node, context);
    return byVisibility(
      node,
      context.words.showCell,
      id || node.class ? tag('div', { id, class: node.class }, html) : html,
    );
  }
  const html = renderChildren(node, { ...context, alt: node.data?.alt });
  return byVisibility(
    node,
    context.words.showCell,
    html && tag('div', { class: classes('cell', node.class), id }, html),
  );
}

function code(node, context) {
  return byVisibility(node, context.words.showCode, renderCode(node));
}

function outputs(node, context) {
  const html = renderChildren(node, context);
  return byVisibility(
    node,
    context.words.showOutput,
    html && tag('div', { class: 'outputs', id: node.html_id }, html),
  );
}

function output(node, context) {
  if (node.children?.length) return renderChildren(node, context);
  return node.jupyter_data ? renderOutput(node.jupyter_data, context) : '';
}

// ---------------------------------------------------------------- the table

const RENDERERS = {
  root: renderChildren,
  block,

  text: (node) => escape(node.value),
  paragraph: element('p'),
  heading,
  thematicBreak: () => '<hr>',
  break: () => '<br>',
  blockquote: element('blockquote'),
  emphasis: element('em'),
  strong: element('strong'),
  delete: element('del'),
  underline: element('u'),
  smallcaps: element('span', 'smallcaps'),
  subscript: element('sub'),
  superscript: element('sup'),
  keyboard: element('kbd'),
  inlineCode: (node) => tag('code', { class: node.class }, escape(node.value)),
  span: element('span'),
  div: element('div'),
  abbreviation,
  chemicalFormula: (node) => tag('span', {}, escape(node.value).replace(/\d+/g, '<sub>$&</sub>')),
  si: (node) => escape(`${node.number} ${node.alt}`),
  inlineExpression: (node, context) => renderChildren(node, context) || tag('code', {}, escape(node.value)),
  html: (node) => node.value,
  raw: (node) => (node.lang === 'html' ? node.value : ''), // for other output formats: LaTeX, Typst

  link,
  linkReference: renderChildren,
  crossReference,
  cite: (node, context) =>
    node.kind === 'parenthetical' ? `(${citation(node, context)})` : citation(node, context),
  citeGroup: citationGroup,
  footnoteReference,
  footnoteDefinition,

  inlineMath: (node) => compact(node.html),
  math,
  mathGroup: element('div', 'math-group'),

  list,
  listItem,
  definitionList: element('dl'),
  definitionTerm: element('dt'),
  definitionDescription: element('dd'),
  glossary: element('div', 'glossary'),
  table,

  image,
  container,
  interactive: (node, context) => renderFigure(node, context, renderChildren),
  caption: element('figcaption'),
  legend: element('div', 'legend'),
  captionNumber: (node, context) =>
    `${tag('span', { class: 'caption-number' }, renderChildren(node, context))} `, // its id is the figure's
  iframe: frame,
  embed: renderChildren,
  include: renderChildren,
  mermaid,
  code,
  outputs,
  output,
  myst: (node) => renderCode({ ...node, lang: 'markdown' }),

  admonition,
  admonitionTitle: element('p', 'box-title'),
  proof: (node, context) => box(node, context, node.kind ?? 'proof'),
  exercise: exerciseOrSolution,
  solution: exerciseOrSolution,
  aside,
  details,
  summary,

  tabSet,
  tabItem: element('div', 'tab-panel'),
  grid,
  'grid-item': element('div'),
  card,
  cardTitle: element('p', 'card-title'),
  header: element('div', 'card-header'),
  footer: element('div', 'card-footer'),

  // Said to the engine, not to the reader.
  comment: nothing,
  mystComment: nothing,
  mystTarget: nothing,
  bibliography: nothing, // the references are at the end of the page
  genindex: renderChildren,
};

export const NODE_TYPES = Object.keys(RENDERERS);
