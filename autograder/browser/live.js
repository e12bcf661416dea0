/**
 * What a page served by `course book` has beyond the built one: the reader's own state on the exercises and in the
 * contents, and, while the book is written, its faults and a fresh page after each change.
 */

const base = (document.body.dataset.base ?? '').replace(/\/$/, '');
const version = Number(document.querySelector('meta[name=live-version]').content);

function make(name, className, ...children) {
  const element = Object.assign(document.createElement(name), { className });
  element.append(...children);
  return element;
}

/** Text that is said and not shown. */
function said(text) {
  return make('span', 'sr-only', text);
}

/** The element of this class in `parent`, made once. */
function part(parent, className) {
  return parent.querySelector(`:scope > .${className}`) ?? parent.appendChild(make('span', className));
}

// A screen reader reads what comes here; what is on the page from the beginning it finds by itself.
const news = document.body.appendChild(make('p', 'sr-only'));
news.setAttribute('role', 'status');
let before;

function showExercises(exercises) {
  for (const card of document.querySelectorAll('.exercise-card')) {
    const id = card.querySelector('.exercise-id')?.textContent.trim();
    const now = exercises[id];
    if (!now) continue;
    const badge = part(card, 'live-state');
    badge.classList.toggle('live-done', now.done);
    badge.replaceChildren(said('Your code: '), `${now.sign} ${now.words}`);
    if (before && before[id].words !== now.words) news.textContent = `${id}: ${now.words}`;
  }
  before = exercises;
}

function showChapters(chapters) {
  for (const { page, done, of } of chapters) {
    const link = document.querySelector(`.contents a[href="${base}/${page}/"]`);
    if (!link) continue;
    const count = part(link, 'live-count');
    count.classList.toggle('live-done', done === of);
    const short = make('span', '', done === of ? '✓' : `${done}/${of}`);
    short.ariaHidden = 'true';
    count.replaceChildren(short, said(`: ${done} of ${of} exercises done`));
  }
}

function showFaults(faults) {
  const box = part(document.body, 'live-faults');
  box.setAttribute('role', 'alert');
  box.hidden = !faults.length;
  box.replaceChildren(...faults.map((text) => make('p', '', text)));
}

// A browser opens six connections to one server: pages in the background give theirs back.
let stream;
function listen() {
  stream?.close();
  if (document.hidden) return;
  stream = new EventSource('/_live/events');
  stream.addEventListener('message', ({ data }) => {
    const state = JSON.parse(data);
    if (state.version !== version) return location.reload();
    showExercises(state.exercises);
    showChapters(state.chapters);
    showFaults(state.faults);
  });
}

document.addEventListener('visibilitychange', listen);
listen();
