/** What the search index holds besides the sections that the engine finds: exercises, and what a section describes. */

import { textOf } from './html.mjs';

function nodesOf(node, type) {
  return [
    ...(node.type === type ? [node] : []),
    ...(node.children ?? []).flatMap((child) => nodesOf(child, type)),
  ];
}

/** `latency`, `Cache` or `Cache.append`: the names say what they are. */
function kindOf(symbol, kinds) {
  if (symbol.includes('.')) return kinds.method;
  return /^[A-Z]/.test(symbol) ? kinds.class : kinds.function;
}

/** The engine's records, with a `kind` (a word for the reader) where one describes a symbol of the package. */
export function withKinds(records, references, kinds) {
  const symbols = new Set(
    references
      .filter(({ identifier }) => identifier?.startsWith('api.'))
      .map((reference) => `${reference.url}#${reference.html_id ?? reference.identifier}`),
  );
  return records.map((record) => {
    if (!symbols.has(record.url)) return record;
    const deepest = Object.keys(record.hierarchy).sort().at(-1);
    return { ...record, kind: kindOf(record.hierarchy[deepest], kinds) };
  });
}

/** A record for each exercise on a page: a card is no section, and the engine leaves it out. */
export function exerciseRecords({ mdast, frontmatter }, url, kinds) {
  return nodesOf(mdast, 'exercise')
    .filter((node) => node.html_id && node.label)
    .map((node) => ({
      kind: kinds.exercise,
      hierarchy: { lvl1: frontmatter.title, lvl2: textOf(nodesOf(node, 'admonitionTitle')[0] ?? {}) },
      content: node.label,
      url: `${url}#${node.html_id}`,
    }));
}
