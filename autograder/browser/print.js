/**
 * Turns the first page of the built book into all of it, in reading order, for paper: a title page, a table of contents
 * and every page's text, with ids that no longer collide and links that lead within the document.
 * Evaluates to the ids of which the table of contents wants the page numbers.
 */
async ({ note, width }) => {
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const pathOf = (url) => url.pathname.replace(/index\.html$/, '').replace(/([^/])$/, '$1/');

  // The contents name each page, the parts between them, and their order.
  const contents = document.querySelector('.contents');
  const entries = [...contents.querySelectorAll('a, .contents-group')].map((entry, index) => ({
    title: entry.textContent.trim(),
    path: entry.href && pathOf(new URL(entry.href)),
    name: `page-${index}`,
  }));
  const nameOf = new Map(entries.filter((entry) => entry.path).map(({ path, name }) => [path, name]));

  /** One id of one page, as it is called in the whole. */
  const joined = (name, id) => (id ? `${name}-${id}` : name);

  const articleOf = async ({ path, name }) => {
    const text = await (await fetch(path)).text();
    const article = document.adoptNode(new DOMParser().parseFromString(text, 'text/html').querySelector('article'));
    // What only a screen can show or hide: buttons, hints to be opened one by one, the code behind a picture.
    const screenOnly = 'script, .anchor, .copy, .needs-script, .launch, .hint-ladder, .fold-cell:not(:has(.outputs))';
    article.querySelectorAll(screenOnly).forEach((part) => part.remove());
    for (const element of article.querySelectorAll('*')) {
      if (element.id) element.id = joined(name, element.id);
      if (element.name) element.name = joined(name, element.name);
      for (const attribute of ['for', 'aria-labelledby', 'aria-describedby'])
        if (element.hasAttribute(attribute))
          element.setAttribute(attribute, joined(name, element.getAttribute(attribute)));
    }
    for (const frame of article.querySelectorAll('iframe'))
      frame.replaceWith(make('p', {}, make('a', { href: frame.src }, frame.title)));
    for (const link of article.querySelectorAll('a[href]')) {
      const target = new URL(link.getAttribute('href'), new URL(path, location));
      if (target.origin !== location.origin) continue;
      const page = nameOf.get(pathOf(target));
      // A file to download has no place on paper: its name stays, as text.
      if (page) link.href = `#${joined(page, decodeURIComponent(target.hash.slice(1)))}`;
      else link.removeAttribute('href');
    }
    article.querySelectorAll('details').forEach((fold) => (fold.open = true));
    article.querySelectorAll('img').forEach((image) => (image.loading = 'eager'));
    article.id = name;
    article.style.page = name;
    return article;
  };

  const pages = entries.filter((entry) => entry.path);
  const articles = await Promise.all(pages.map(articleOf));

  const line = (className, title, id) =>
    make(
      'li',
      { className },
      ...(id
        ? [make('a', { href: `#${id}` }, title, make('span', { className: 'print-dots' }), make('b', { id: `_to-${id}` }))]
        : [title]),
    );
  const table = entries.flatMap(({ title, path, name }) => {
    if (!path) return [line('print-part', title)];
    const article = articles[pages.findIndex((page) => page.name === name)];
    const sections = [...article.querySelectorAll('h2[id]')];
    return [
      line('print-page', title, name),
      ...sections.map((heading) => line('print-section', heading.textContent, heading.id)),
    ];
  });

  const bookTitle = document.querySelector('.site-title').textContent;
  const description = document.querySelector('meta[name=description]')?.content ?? '';
  const cover = make(
    'section',
    { className: 'print-cover' },
    make('p', { className: 'print-title' }, bookTitle),
    make('p', {}, description),
    make('p', { className: 'print-note' }, note),
  );
  const heading = make('h1', { id: 'contents' }, contents.ariaLabel);
  const list = make('section', { className: 'print-contents' }, heading, make('ol', {}, ...table));

  const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&').replace(/\s+/g, ' ')}"`;
  const running = pages.map(({ name, title }) => `@page ${name} { @top-right { content: ${quoted(title)}; } }`);
  document.head.append(make('style', {}, running.join('\n')));
  document.querySelectorAll('body > *').forEach((element) => element.remove());
  document.title = bookTitle;
  document.body.append(make('main', {}, cover, list, ...articles));

  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  // What is wider than the paper is drawn smaller, so that nothing is cut.
  for (const box of document.querySelectorAll('.scroll, pre, table, .katex-display')) {
    const wide = box.scrollWidth / Math.min(box.clientWidth, width);
    if (box.clientWidth && wide > 1.005) box.style.zoom = Math.max(0.4, 0.99 / wide);
  }
  // What is kept in one piece leaves a hole where it does not fit: only what is short is kept.
  for (const box of document.querySelectorAll('.box, .code, .exercise-card, figure'))
    if (box.offsetHeight > 450 && !box.matches('figure:has(> img)')) box.style.breakInside = 'auto';
  return [...document.querySelectorAll('.print-contents b')].map((number) => number.id.replace('_to-', ''));
};
