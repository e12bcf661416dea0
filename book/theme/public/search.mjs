/** The search index: built in the reader's browser from the text that the engine writes, in English and in Chinese. */

import MiniSearch from './vendor/minisearch.mjs';

const HAN = /\p{Script=Han}/u;
const PIECES = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}_])+/gu;

/** Words; from `count_ngrams` also `count` and `ngrams`. Chinese has no spaces: every two neighbours are a word. */
function tokens(text, { withSingles }) {
  return (text.toLowerCase().match(PIECES) ?? []).flatMap((piece) => {
    if (!HAN.test(piece))
      return piece.includes('_') && withSingles ? [piece, ...piece.split('_').filter(Boolean)] : [piece];
    const characters = [...piece];
    const pairs = characters.slice(1).map((character, index) => characters[index] + character);
    // The index holds single characters too, and a query asks for them only when it is one character long.
    return withSingles || !pairs.length ? [...characters, ...pairs] : pairs;
  });
}

const LENGTH = 170;

/** Where most of the terms stand close together, at the start of a word. */
function bestStart(text, pattern) {
  const hits = [...text.matchAll(pattern)].slice(0, 100);
  const near = (hit) => {
    const others = hits.filter((other) => other.index >= hit.index && other.index < hit.index + LENGTH - 50);
    return new Set(others.map((other) => other[0].toLowerCase())).size;
  };
  const { index } = hits.reduce((best, hit) => (near(hit) > near(best) ? hit : best), hits[0] ?? { index: 0 });
  return index < 60 ? 0 : text.lastIndexOf(' ', index - 40) + 1 || index - 40;
}

/** The text around the hits, the hits marked. A term is letters and digits only, safe in a pattern. */
function excerptOf(text, terms) {
  const flat = text.replace(/\s+/g, ' ').trim();
  const pattern = new RegExp(terms.join('|') || '$^', 'giu');
  const start = bestStart(flat, pattern);
  const excerpt =
    (start ? '…' : '') + flat.slice(start, start + LENGTH) + (flat.length > start + LENGTH ? '…' : '');
  const parts = [];
  let end = 0;
  for (const match of excerpt.matchAll(pattern)) {
    const mark = document.createElement('mark');
    mark.textContent = match[0];
    parts.push(excerpt.slice(end, match.index), mark);
    end = match.index + match[0].length;
  }
  return [...parts, excerpt.slice(end)];
}

function titleOf(hierarchy) {
  const levels = Object.keys(hierarchy).sort();
  return hierarchy[levels[levels.length - 1]];
}

/** Engine addresses (`/ngrams#counts`) as the site has them (`/base/ngrams/#counts`). */
function addressOf(url, base) {
  const [path, hash] = url.split('#');
  return base + path + (path.endsWith('/') ? '' : '/') + (hash ? `#${hash}` : '');
}

/** Loads the index, and gives the function that searches it. */
export async function openIndex(base) {
  const records = await (await fetch(`${base}/search.json`)).json();
  const index = new MiniSearch({
    fields: ['title', 'page', 'content'],
    storeFields: ['title', 'page', 'content', 'url', 'kind'],
    tokenize: (text) => tokens(text, { withSingles: true }),
    searchOptions: {
      tokenize: (text) => tokens(text, { withSingles: false }),
      boost: { title: 4, page: 2 },
      combineWith: 'AND',
      prefix: (term) => !HAN.test(term),
      fuzzy: (term) => (term.length > 4 && !HAN.test(term) ? 0.2 : false),
    },
  });
  index.addAll(
    records.map(({ hierarchy, url, content, kind }, id) => ({
      id,
      kind,
      title: titleOf(hierarchy),
      page: hierarchy.lvl1,
      content: content ?? '',
      url: addressOf(url, base),
    })),
  );
  return (query) =>
    index
      .search(query)
      .slice(0, 15)
      .map(({ url, kind, title, page, content, terms }) => ({
        url,
        kind,
        title,
        page,
        excerpt: excerptOf(content, terms),
      }));
}
