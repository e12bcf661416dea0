/** The three functions from which all other modules build their HTML. */

import { escape } from './public/figure-parts.mjs';

export { escape };

const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta']);

/**
 * `tag('a', {href: '/x', class: undefined}, 'text')` gives `<a href="/x">text</a>`.
 * The content is HTML already; what is false or undefined is left out, so that `condition && tag(…)` can stand there.
 */
export function tag(name, attributes = {}, ...content) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}="${escape(value)}"`))
    .join('');
  return VOID.has(name)
    ? `<${name}${written}>`
    : `<${name}${written}>${content.flat().filter(Boolean).join('')}</${name}>`;
}

/** Class names as one attribute value, or nothing. */
export function classes(...names) {
  return names.filter(Boolean).join(' ') || undefined;
}

export function withoutLinks(html) {
  return html.replace(/<\/?a\b[^>]*>/g, '');
}

/** The text of a syntax tree, as a screen reader would say it. */
export function textOf(node) {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}
