/** What the page does once scripts run. Everything here is an addition: without it the page reads and links the same. */

const words = JSON.parse(document.body.dataset.words);
const base = document.body.dataset.base.replace(/\/$/, '');

/** The reader's choices. A browser may forbid storage: then they last for the page. */
const choices = {
  get(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Kept for this page only.
    }
  },
};

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// ---------------------------------------------------------------- light and dark

function switchColours() {
  const button = document.querySelector('.colour-button');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () =>
    (document.documentElement.dataset.colours ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.colours = next;
    choices.set('colours', next);
    show();
  });
  system.addEventListener('change', show);
  show();
}

// ---------------------------------------------------------------- code

/** What a reader wants to paste: from a console session only what was typed, without its prompts. */
function pasteable(source) {
  const prompt = /^(\$ |>>> ?|\.\.\. ?)/;
  if (!/^(\$ |>>> )/.test(source)) return source;
  const typed = source.split('\n').filter((line) => prompt.test(line));
  return typed.map((line) => line.replace(prompt, '')).join('\n');
}

function copyButtons() {
  for (const block of document.querySelectorAll('.code')) {
    const button = make('button', { className: 'copy', type: 'button', textContent: words.copy });
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(pasteable(block.querySelector('code').textContent));
        button.textContent = words.copied;
      } catch {
        button.textContent = words.copyFailed;
      }
      button.classList.add('said');
      setTimeout(() => {
        button.textContent = words.copy;
        button.classList.remove('said');
      }, 2000);
    });
    block.append(button);
  }
}

/** A box that scrolls sideways must be reachable by keyboard, and only then. */
function focusableScrollers() {
  const mark = (box) => {
    const names = { tabindex: '0', role: 'group', 'aria-label': words.scrollable };
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    for (const [name, value] of Object.entries(names))
      scrolls ? box.setAttribute(name, value) : box.removeAttribute(name);
  };
  const boxes = document.querySelectorAll('main pre, main .scroll');
  const observer = new ResizeObserver((changes) => changes.forEach((change) => mark(change.target)));
  boxes.forEach((box) => observer.observe(box));
  // A formula grows when its font arrives, and its box does not.
  document.fonts.ready.then(() => boxes.forEach(mark));
}

// ---------------------------------------------------------------- tabs

/** Choosing "NumPy" in one set chooses it in every set of the page, and on the pages to come. */
function syncTabs() {
  const tabs = [...document.querySelectorAll('.tabs > input')];
  const choose = (name) =>
    tabs.filter((tab) => tab.dataset.sync === name).forEach((tab) => (tab.checked = true));
  const chosen = JSON.parse(choices.get('tabs') ?? '[]');
  chosen.forEach(choose);
  tabs.forEach((tab) =>
    tab.addEventListener('change', () => {
      const name = tab.dataset.sync;
      choose(name);
      // The latest choice last, so that it wins over an earlier one for the same set.
      choices.set('tabs', JSON.stringify([...chosen.filter((other) => other !== name), name].slice(-20)));
    }),
  );
}

// ---------------------------------------------------------------- figures

/** A picture opens in the whole window, by a click on it or by its button, and closes by a click or Escape. */
function zoom() {
  const view = make('dialog', { className: 'zoomed' });
  view.addEventListener('click', () => view.close());
  document.body.append(view);
  for (const picture of document.querySelectorAll('main :is(figure, .outputs) img')) {
    const open = () => {
      const large = picture.cloneNode();
      large.removeAttribute('style');
      view.replaceChildren(large, make('button', { type: 'button', textContent: words.close }));
      view.showModal();
    };
    const button = make('button', { className: 'enlarge', type: 'button', textContent: words.enlarge });
    const frame = make('span', { className: 'picture' });
    picture.replaceWith(frame);
    frame.append(picture, button);
    frame.addEventListener('click', open);
  }
}

/** A margin note stands where the outline is: the outline steps aside while one is in view. */
function makeRoomForNotes() {
  const visible = new Set();
  const outline = document.querySelector('.outline');
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes)
      isIntersecting ? visible.add(target) : visible.delete(target);
    outline?.classList.toggle('covered', visible.size > 0);
  });
  document.querySelectorAll('.aside').forEach((note) => observer.observe(note));
}

/** A short form says what it stands for to those who tap or tab as well, not only to a pointer that waits. */
function explainAbbreviations() {
  for (const short of document.querySelectorAll('main abbr[title]')) {
    const isSaid = () => short.dataset.meaning;
    const toggle = () => (isSaid() ? delete short.dataset.meaning : (short.dataset.meaning = short.title));
    short.tabIndex = 0;
    short.addEventListener('click', toggle);
    short.addEventListener('keydown', (event) => event.key === 'Enter' && toggle());
    short.addEventListener('blur', () => isSaid() && toggle());
  }
}

// ---------------------------------------------------------------- previews

const pages = new Map();

/** The element that a link leads to, on this page or on another one. */
async function targetOf(link) {
  const address = new URL(link.href);
  const id = decodeURIComponent(address.hash.slice(1));
  if (address.pathname === location.pathname) return document.getElementById(id);
  if (!pages.has(address.pathname)) {
    const text = await (await fetch(address.pathname)).text();
    pages.set(address.pathname, new DOMParser().parseFromString(text, 'text/html'));
  }
  const page = pages.get(address.pathname);
  return id ? page.getElementById(id) : page.querySelector('h1');
}

/** The target and what belongs to it: a heading brings the first lines below it, a term its descriptions. */
function excerptFrom(target) {
  const parts = [target];
  const isHeading = /^H[1-6]$/.test(target.tagName);
  const belongs = isHeading
    ? (next) => !/^H[1-6]$/.test(next.tagName) && parts.length < 4
    : (next) => next.tagName === 'DD';
  if (isHeading || target.tagName === 'DT') {
    for (let next = target.nextElementSibling; next && belongs(next); next = next.nextElementSibling)
      parts.push(next);
  }
  return parts.map((part) => {
    const copy = part.cloneNode(true);
    copy
      .querySelectorAll('.anchor, .back, .copy, .enlarge, script, input, .tabs > label')
      .forEach((extra) => extra.remove());
    [copy, ...copy.querySelectorAll('[id]')].forEach((element) => element.removeAttribute('id'));
    return copy;
  });
}

function previews() {
  const card = make('div', { className: 'preview', id: '_preview', role: 'tooltip', popover: 'manual' });
  document.body.append(card);
  let current;
  let timer;

  const place = (link) => {
    const box = link.getClientRects()[0];
    const left = Math.min(Math.max(box.left, 16), innerWidth - card.offsetWidth - 16);
    const below = box.bottom + 6;
    const top =
      below + card.offsetHeight < innerHeight ? below : Math.max(box.top - card.offsetHeight - 6, 8);
    Object.assign(card.style, { left: `${left}px`, top: `${top}px` });
  };
  const hide = () => {
    clearTimeout(timer);
    current?.removeAttribute('aria-describedby');
    current = undefined;
    if (card.matches(':popover-open')) card.hidePopover();
  };
  const show = async (link) => {
    hide();
    current = link;
    const target = await targetOf(link).catch(() => null);
    // The pointer may have left while the other page was loading.
    if (!target || current !== link) return;
    card.replaceChildren(...excerptFrom(target));
    card.showPopover();
    place(link);
    link.setAttribute('aria-describedby', card.id);
  };
  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  const linkAt = (event) => event.target.closest?.('main a.ref');

  document.addEventListener('mouseover', (event) => {
    const link = linkAt(event);
    if (card.contains(event.target) || (link && link === current)) clearTimeout(timer);
    else if (link) later(() => show(link), 200);
    else if (current) later(hide, 250);
    else clearTimeout(timer);
  });
  document.addEventListener('focusin', (event) =>
    linkAt(event) && event.target.matches(':focus-visible') ? show(linkAt(event)) : hide(),
  );
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hide());
  addEventListener('scroll', hide, { passive: true });
}

// ---------------------------------------------------------------- search

function search() {
  const form = document.querySelector('.search');
  const input = form.querySelector('input');
  const results = form.querySelector('.search-results');
  const status = form.querySelector('[role=status]');
  let finding;

  const close = () => (results.hidden = true);
  const links = () => [...results.querySelectorAll('a')];
  const update = async () => {
    const query = input.value.trim();
    if (!query) return close();
    // Only a reader who searches pays for the index.
    finding ??= import('./search.mjs').then(({ openIndex }) => openIndex(base));
    const find = await finding;
    if (query !== input.value.trim()) return;
    const found = find(query);
    status.textContent = `${found.length} ${words.found}`;
    const lines = found.map(({ url, kind, title, page, excerpt }) => {
      const name = make('strong', {}, title);
      if (kind) name.append(' ', make('span', { className: 'kind', textContent: kind }));
      const line = make('a', { href: url }, name);
      line.append(make('span', {}, ...(page === title ? [] : [`${page} – `]), ...excerpt));
      return line;
    });
    results.replaceChildren(...(lines.length ? lines : [make('p', { textContent: words.noResults })]));
    results.hidden = false;
  };

  input.addEventListener('input', update);
  input.addEventListener('focus', () => input.value && update());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    links()[0]?.click();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
      input.blur();
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [input, ...links()];
    const next = stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
    stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
    event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    input.select();
  });
  document.addEventListener('click', (event) => !form.contains(event.target) && close());
  results.addEventListener('click', (event) => event.target.closest('a') && close());
}

// ---------------------------------------------------------------- moving about

function shortcuts() {
  const allowed = document.querySelector('#_shortcuts');
  allowed.checked = choices.get('shortcuts') !== 'off';
  allowed.addEventListener('change', () => choices.set('shortcuts', allowed.checked ? 'on' : 'off'));

  const openContents = () => {
    const contents = document.querySelector('.contents');
    if (getComputedStyle(contents).display === 'none') contents.showPopover();
    (contents.querySelector('[aria-current]') ?? contents.querySelector('a')).focus();
  };
  const turn = (rel) => document.querySelector(`.turn [rel=${rel}]`)?.click();
  document.addEventListener('keydown', (event) => {
    const focused = document.activeElement;
    const isTyping = focused.matches(
      'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]',
    );
    if (!allowed.checked || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
      return;
    // Arrow keys also scroll boxes and move between tabs: they turn the page only when nothing else wants them.
    const isFree = focused === document.body || focused.matches('main, a');
    if (event.key === '/') {
      event.preventDefault();
      document.querySelector('#_search').focus();
    } else if (event.key === 'c') openContents();
    else if (event.key === 'p' || (event.key === 'ArrowLeft' && isFree)) turn('prev');
    else if (event.key === 'n' || (event.key === 'ArrowRight' && isFree)) turn('next');
  });
}

/** Marks in the outline the section that the reader is in. */
function followSections() {
  const links = [...document.querySelectorAll('.outline a')];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const passed = headings.filter(
      (heading) => heading && heading.getBoundingClientRect().top < innerHeight * 0.3,
    );
    const isAtEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const current = isAtEnd ? headings.length - 1 : passed.length - 1;
    links.forEach((link, index) =>
      index === current ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current'),
    );
  };
  addEventListener('scroll', () => requestAnimationFrame(mark), { passive: true });
  mark();
}

function showCurrentPage() {
  const contents = document.querySelector('.contents');
  const current = contents.querySelector('[aria-current]');
  if (current) contents.scrollTop = current.offsetTop - contents.clientHeight / 2;
}

/** The contents tick off what has been read to its end, on this machine only. */
function rememberReading() {
  const read = new Set(JSON.parse(choices.get('read') ?? '[]'));
  const entries = [...document.querySelectorAll('.contents a')];
  const tick = () =>
    entries
      .filter((entry) => read.has(entry.pathname) && !entry.querySelector('.read'))
      .forEach((entry) => entry.append(make('span', { className: 'read', title: words.read, textContent: ' ✓' })));
  const end = document.querySelector('.turn');
  if (!end) return;
  tick();
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting || read.has(location.pathname)) return;
    read.add(location.pathname);
    choices.set('read', JSON.stringify([...read]));
    tick();
  }).observe(end);
}

switchColours();
zoom();
copyButtons();
focusableScrollers();
syncTabs();
makeRoomForNotes();
explainAbbreviations();
previews();
search();
shortcuts();
followSections();
showCurrentPage();
rememberReading();
