/** Code blocks: coloured when the page is built, so that the reader's browser has nothing to do. */

import hljs from 'highlight.js/lib/common';
import { classes, escape, tag } from './html.mjs';

const ALIASES = { ipython: 'python', ipython3: 'python', pycon: 'python', text: 'plaintext' };

function highlighted(source, language) {
  const name = ALIASES[language] ?? language;
  if (!name || !hljs.getLanguage(name)) return escape(source);
  return hljs.highlight(source, { language: name, ignoreIllegals: true }).value;
}

/** Splits coloured HTML at line ends. A span that is open there is closed, and opened again on the next line. */
function linesOf(html) {
  const open = [];
  return html.split('\n').map((line) => {
    const start = open.join('');
    for (const [piece] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
      if (piece === '</span>') open.pop();
      else open.push(piece);
    }
    return start + line + '</span>'.repeat(open.length);
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
    tag('pre', {}, tag('code', { class: classes(node.lang && `language-${node.lang}`) }, html)),
  );
}
