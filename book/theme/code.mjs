/** Code blocks: coloured when the page is built, so that the reader's browser has nothing to do. */

import hljs from 'highlight.js/lib/common';
import { classes, escape, tag } from './html.mjs';

const ALIASES = { ipython: 'python', ipython3: 'python', pycon: 'python', text: 'plaintext' };

/** highlight.js's classes → one letter for each colour; a page holds a thousand of them. Numbers are plain ink. */
const COLOURS = {
  k: ['keyword', 'literal', 'meta', 'selector-tag', 'operator'],
  s: ['string', 'regexp', 'addition'],
  n: ['symbol', 'deletion', 'attr', 'variable'],
  t: ['title', 'built_in', 'type', 'section', 'name'],
  c: ['comment', 'quote'],
};
const LETTER = Object.fromEntries(
  Object.entries(COLOURS).flatMap(([letter, names]) => names.map((name) => [name, letter])),
);

/** The same colours with short tags; `<i>` without a class resets what is around it. Text needs no escaped quotes. */
function shorten(html) {
  return html
    .replace(/<span class="hljs-number">([^<]*)<\/span>/g, '$1')
    .replace(/<span class="hljs-([\w-]+)[^"]*">/g, (_, name) =>
      LETTER[name] ? `<i class=${LETTER[name]}>` : '<i>',
    )
    .replaceAll('</span>', '</i>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'");
}

function highlighted(source, language) {
  const name = ALIASES[language] ?? language;
  if (!name || !hljs.getLanguage(name)) return escape(source);
  return shorten(hljs.highlight(source, { language: name, ignoreIllegals: true }).value);
}

/** Splits coloured HTML at line ends. A tag that is open there is closed, and opened again on the next line. */
function linesOf(html) {
  const open = [];
  return html.split('\n').map((line) => {
    const start = open.join('');
    for (const [piece] of line.matchAll(/<i[^>]*>|<\/i>/g)) {
      if (piece === '</i>') open.pop();
      else open.push(piece);
    }
    return start + line + '</i>'.repeat(open.length);
  });
}

export function renderCode(node) {
  let html = highlighted(node.value ?? '', node.lang);
  if (node.showLineNumbers || node.emphasizeLines) {
    const first = node.startingLineNumber ?? 1;
    html = linesOf(html)
      .map((line, index) => {
        const isEmphasised = node.emphasizeLines?.includes(index + 1);
        const number = node.showLineNumbers && first + index;
        return tag(
          'span',
          { class: classes('line', isEmphasised && 'line-emphasised'), 'data-number': number },
          line,
          '\n',
        );
      })
      .join('');
  }
  return tag(
    'div',
    { class: classes('code', node.class), id: node.html_id, 'data-language': node.lang },
    node.filename && tag('p', { class: 'code-filename' }, escape(node.filename)),
    tag('pre', {}, tag('code', {}, html)),
  );
}
