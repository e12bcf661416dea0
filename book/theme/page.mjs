/**
 * What stands around the text: head, header, contents, outline, references, footer.
 * The theme's own ids begin with an underscore, which no heading's id does: a heading may be called "Contents".
 */

import { escape, tag, textOf, withoutLinks } from './html.mjs';
import { launch } from './launch.mjs';
import { contextFor, headingNumber, pageAddress, render, renderChildren } from './render.mjs';
import { wordsFor } from './words.mjs';

// Runs before the first paint, so that a reader who chose dark colours never sees a white flash.
const EARLY_SCRIPT = `document.documentElement.classList.add('js');try{const c=localStorage.getItem('colours');if(c)document.documentElement.dataset.colours=c}catch{}`;
// A narrow screen has the outline above the text: folded there, open for readers without scripts.
const FOLD_OUTLINE = `if(matchMedia('(max-width:75rem)').matches)document.currentScript.previousElementSibling.open=false`;

// What nearly every page needs: asked for at once, so that the text is drawn once.
const FONTS = ['serif-roman', 'serif-semibold', 'serif-italic', 'KaTeX_Main-Regular-common', 'KaTeX_Math-Italic'];

/** The book: its title, language, pages in reading order, and addresses. */
export function bookFrom(config, base) {
  const project = config.projects[0];
  const options = config.options ?? {};
  const language = options.lang ?? 'en';
  const first = { slug: project.index, url: '/', title: project.title, level: 1, isHome: true };
  const rest = project.pages.map((page) => ({
    ...page,
    url: page.slug && `/${page.slug.replaceAll('.', '/')}`,
  }));
  return {
    base,
    language,
    words: wordsFor(language),
    title: config.title ?? project.title ?? '',
    description: config.description ?? project.description ?? '',
    siteUrl: options.site_url?.replace(/\/+$/, ''),
    favicon: options.favicon ? `${base}/build${options.favicon}` : `${base}/favicon.svg`,
    entries: [first, ...rest],
    pages: [first, ...rest].filter((page) => page.slug),
  };
}

function address(book, page) {
  return pageAddress(page.url, book.base);
}

// ---------------------------------------------------------------- head

/** On paper: the book above on the left, the page's title on the right. */
function runningHeads(left, right) {
  const quoted = (text) => JSON.stringify(text).replaceAll('<', '\\3c ');
  const margin = (place, text) => `@${place}{content:${quoted(text)};font:8.5pt Georgia,serif;color:#59636d}`;
  return `@page{${margin('top-left', left)}${right && right !== left ? margin('top-right', right) : ''}}`;
}

function head(book, { title, description, page, picture, hasFormulas }) {
  // Without its own picture a page gets one with its title, see autograder/publish.py.
  const image = picture ? `/build${picture}` : page && `/previews/${page.slug}.png`;
  const part = page && partOf(book, page.slug);
  const fullTitle = title && title !== book.title ? `${title} – ${book.title}` : book.title;
  const canonical = book.siteUrl && page && book.siteUrl + address(book, page);
  const property = (name, content) => content && tag('meta', { property: `og:${name}`, content });
  return tag(
    'head',
    {},
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('title', {}, escape(fullTitle)),
    description && tag('meta', { name: 'description', content: description }),
    property('type', page && !page.isHome ? 'article' : 'website'),
    property('title', title || book.title),
    property('site_name', book.title),
    property('description', description),
    property('url', canonical),
    property('image', book.siteUrl && image && book.siteUrl + book.base + image),
    property('locale', book.language.replace('-', '_')),
    part && tag('meta', { property: 'article:section', content: part.title }),
    canonical && tag('meta', { name: 'twitter:card', content: 'summary_large_image' }),
    canonical && tag('link', { rel: 'canonical', href: canonical }),
    book.siteUrl &&
      tag('link', {
        rel: 'alternate',
        type: 'application/rss+xml',
        title: book.words.changes,
        href: `${book.base}/feed.xml`,
      }),
    tag('link', { rel: 'icon', href: book.favicon }),
    FONTS.filter((font) => !font.startsWith('KaTeX') || hasFormulas).map((font) =>
      tag('link', {
        rel: 'preload',
        href: `${book.base}/vendor/fonts/${font}.woff2`,
        as: 'font',
        type: 'font/woff2',
        crossorigin: true,
      }),
    ),
    tag('link', { rel: 'stylesheet', href: `${book.base}/myst-theme.css` }),
    tag('style', {}, runningHeads(book.title, title)),
    tag('script', {}, EARLY_SCRIPT),
    tag('script', { type: 'module', src: `${book.base}/theme.js` }),
  );
}

/** The nodes of the page itself, without those inside a box, a tab or a list. */
function topNodes(mdast) {
  return mdast.children.flatMap((node) => (node.type === 'block' ? node.children : [node]));
}

function descriptionOf(book, { frontmatter, mdast }) {
  const firstParagraph = topNodes(mdast).find((node) => node.type === 'paragraph');
  const text = frontmatter.description ?? (firstParagraph ? textOf(firstParagraph) : book.description);
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 200 ? `${flat.slice(0, 199)}…` : flat;
}

// ---------------------------------------------------------------- header and navigation

/** The chapter or part that a page belongs to, with its pages; nothing for a page that stands alone. */
function partOf(book, slug) {
  const { entries } = book;
  const index = entries.findIndex((entry) => entry.slug === slug);
  if (index < 1) return undefined;
  const { level } = entries[index];
  const hasPages = entries[index + 1]?.level > level;
  const start = hasPages ? index : entries.slice(0, index).findLastIndex((entry) => entry.level < level);
  if (start < 1) return undefined;
  const length = entries.slice(start + 1).findIndex((entry) => entry.level <= entries[start].level);
  const pages = entries.slice(start, length === -1 ? undefined : start + 1 + length);
  const { title, short_title } = entries[start];
  return { title: short_title ?? title, pages: pages.filter((page) => page.slug) };
}

/** Where the reader is: `6 Attention  2 / 3`. */
function place(book, slug) {
  const part = slug && partOf(book, slug);
  if (!part) return '';
  const number = part.pages.findIndex((page) => page.slug === slug) + 1;
  return tag(
    'p',
    { class: 'place' },
    `${escape(part.title)} `,
    tag('span', {}, `${number} / ${part.pages.length}`),
  );
}

function header(book, current) {
  const { words } = book;
  return tag(
    'header',
    { class: 'site-header' },
    tag(
      'button',
      { class: 'menu-button', type: 'button', popovertarget: '_contents', 'aria-label': words.contents },
      '☰',
    ),
    tag('a', { class: 'site-title', href: `${book.base}/` }, escape(book.title)),
    place(book, current),
    tag(
      'form',
      { class: 'search needs-script', role: 'search' },
      tag('input', {
        type: 'search',
        id: '_search',
        placeholder: words.search,
        'aria-label': words.search,
        autocomplete: 'off',
      }),
      tag('div', { class: 'search-results', hidden: true, 'aria-label': words.results, role: 'region' }),
      tag('p', { class: 'sr-only', role: 'status' }),
    ),
    tag(
      'button',
      {
        class: 'colour-button needs-script',
        type: 'button',
        'aria-label': words.dark,
        'aria-pressed': 'false',
      },
      '◐',
    ),
  );
}

function entryLine(book, entry, current) {
  const title = headingNumber(entry) + escape(entry.short_title ?? entry.title);
  if (!entry.url) return tag('span', { class: 'contents-group' }, title);
  return tag('a', { href: address(book, entry), 'aria-current': entry.slug === current && 'page' }, title);
}

/** The flat list of pages with levels, as nested lists. Consumes from `entries` what is at `level` or deeper. */
function nestedEntries(book, entries, level, current) {
  const items = [];
  while (entries.length && entries[0].level >= level) {
    const entry = entries.shift();
    items.push(
      tag('li', {}, entryLine(book, entry, current), nestedEntries(book, entries, entry.level + 1, current)),
    );
  }
  return items.length ? tag('ol', {}, items) : '';
}

function contents(book, current) {
  const list = nestedEntries(book, [...book.entries], 0, current);
  // A popover opens, closes on Escape and gives the focus back without a line of script; on wide screens it always shows.
  return tag(
    'nav',
    { class: 'contents', id: '_contents', popover: true, 'aria-label': book.words.contents },
    list,
  );
}

function outline(book, mdast, context) {
  const headings = topNodes(mdast).filter(
    (node) => node.type === 'heading' && node.html_id && node.depth <= 3,
  );
  if (headings.length < 2) return '';
  const items = headings.map((node) =>
    tag(
      'li',
      { class: `outline-${node.depth}` },
      tag('a', { href: `#${node.html_id}` }, withoutLinks(renderChildren(node, context))),
    ),
  );
  return tag(
    'nav',
    { class: 'outline', 'aria-label': book.words.onThisPage },
    tag('details', { open: true }, tag('summary', {}, book.words.onThisPage), tag('ol', {}, items)),
    tag('script', {}, FOLD_OUTLINE),
  );
}

// ---------------------------------------------------------------- end of the page

function footnotes(book, notes) {
  if (!notes.length) return '';
  const items = notes.map(({ number, html }) =>
    tag(
      'li',
      { id: `_footnote-${number}`, value: number },
      html,
      tag('a', { class: 'back', href: `#_footnote-use-${number}`, 'aria-label': book.words.backToText }, '↩'),
    ),
  );
  return tag('section', { class: 'footnotes' }, tag('h2', {}, book.words.footnotes), tag('ol', {}, items));
}

function references(book, cited) {
  if (!cited?.order?.length) return '';
  const items = cited.order.map((key) => tag('li', { id: `_cite-${key}` }, cited.data[key].html));
  return tag('section', { class: 'references' }, tag('h2', {}, book.words.references), tag('ul', {}, items));
}

function turnPage(book, current) {
  const index = book.pages.findIndex((page) => page.slug === current);
  const step = (page, rel, label) =>
    page &&
    tag(
      'a',
      { rel, href: address(book, page), class: `turn-${rel}` },
      tag('span', { class: 'turn-label' }, label),
      escape(page.title),
    );
  const links = [
    step(book.pages[index - 1], 'prev', book.words.previous),
    step(book.pages[index + 1], 'next', book.words.next),
  ];
  return tag(
    'nav',
    { class: 'turn', 'aria-label': `${book.words.previous} / ${book.words.next}` },
    links.filter(Boolean),
  );
}

function footer(book, content) {
  const { words } = book;
  const notebook = content?.frontmatter.exports?.find((file) => file.format === 'ipynb' && file.url);
  return tag(
    'footer',
    { class: 'site-footer' },
    notebook && tag('a', { href: `${book.base}/build${notebook.url}`, download: true }, words.download),
    content?.frontmatter.edit_url && tag('a', { href: content.frontmatter.edit_url }, words.editPage),
    // Single-key shortcuts can fire by accident with speech input: WCAG 2.1.4 asks for a way to turn them off.
    tag(
      'label',
      { class: 'needs-script' },
      tag('input', { type: 'checkbox', id: '_shortcuts', checked: true }),
      words.shortcuts,
    ),
  );
}

// ---------------------------------------------------------------- whole pages

const SAID_BY_SCRIPT = [
  'copy',
  'copied',
  'copyFailed',
  'enlarge',
  'close',
  'noResults',
  'found',
  'scrollable',
  'read',
];

function document(book, headContent, main, { current, aside = '', end = '' }) {
  const { words } = book;
  const saidByScript = JSON.stringify(
    Object.fromEntries(
      SAID_BY_SCRIPT.map((key) => [key, words[key]]),
    ),
  );
  const body = tag(
    'body',
    { 'data-base': book.base || '/', 'data-words': saidByScript },
    tag('a', { class: 'skip', href: '#_main' }, words.skip),
    header(book, current),
    tag(
      'div',
      { class: 'layout' },
      contents(book, current),
      aside,
      tag('main', { id: '_main', tabindex: '-1' }, main),
    ),
    end,
  );
  return `<!doctype html>\n${tag('html', { lang: book.language }, head(book, headContent), body)}\n`;
}

export function renderPage(book, content) {
  const { frontmatter, mdast, slug } = content;
  const page = book.pages.find((candidate) => candidate.slug === slug);
  const context = contextFor({ slug, base: book.base, words: book.words });
  const title = frontmatter.title ?? page?.title ?? book.title;
  const article = tag(
    'article',
    {},
    tag('h1', {}, headingNumber(page ?? {}), escape(title)),
    frontmatter.subtitle && tag('p', { class: 'subtitle' }, escape(frontmatter.subtitle)),
    launch(book, content),
    render(mdast, context),
    footnotes(book, context.footnotes),
    references(book, content.references?.cite),
  );
  const headContent = {
    title,
    description: descriptionOf(book, content),
    page,
    picture: /\.(png|jpe?g)$/.test(frontmatter.thumbnail) && frontmatter.thumbnail,
    hasFormulas: article.includes('class=katex'),
  };
  return document(book, headContent, [article, turnPage(book, slug), footer(book, content)], {
    current: slug,
    aside: outline(book, mdast, context),
  });
}

export function renderNotFound(book) {
  const { words } = book;
  const main = [
    tag('h1', {}, words.notFound),
    tag('p', {}, words.notFoundText),
    tag('p', {}, tag('a', { href: `${book.base}/` }, words.home)),
    footer(book),
  ];
  return document(book, { title: words.notFound }, main, {});
}

export function renderSitemap(book) {
  const entries = book.siteUrl
    ? book.pages.map((page) => tag('url', {}, tag('loc', {}, escape(book.siteUrl + address(book, page)))))
    : [];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('urlset', { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' }, entries.join('\n'))}\n`;
}

export function renderRobots(book) {
  const sitemap = book.siteUrl ? `Sitemap: ${book.siteUrl}${book.base}/sitemap.xml\n` : '';
  return `User-agent: *\nAllow: /\n${sitemap}`;
}
