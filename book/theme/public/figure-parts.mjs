/** What several figures need: text made safe, bars, chance with a seed, and distributions. */

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escape(text) {
  return String(text ?? '').replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** 1234567 → 1,234,567 */
export function grouped(number) {
  return number.toLocaleString('en');
}

/**
 * A table of bars, one for each `{name, share, note, kind}`; a share is between 0 and 1, and a whole bar is 1.
 * There is room for `rows` lines from the start, so that a shorter list moves nothing below it.
 */
export function bars(lines, rows) {
  const body = lines.map(
    ({ name, share, note, kind = '' }) =>
      `<tr class="${kind}"><th scope="row">${escape(name)}</th><td class="bar"><svg aria-hidden="true"><rect width="${(100 * share).toFixed(2)}%" height="100%"/></svg></td><td class="bar-note">${escape(note)}</td></tr>`,
  );
  return `<div class="bars bars-${rows}"><table><tbody>${body.join('')}</tbody></table></div>`;
}

/** A number between 0 and 1, always the same for the same seed and draw (the generator splitmix32). */
export function chance(seed, draw) {
  let bits = (Math.imul(seed, 0x85ebca6b) + Math.imul(draw + 1, 0x9e3779b9)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}

/** The first place at which the running sum of the probabilities passes `u`, which is between 0 and 1. */
export function pick(probabilities, u) {
  let sum = 0;
  const found = probabilities.findIndex((probability) => (sum += probability) > u);
  // Rounding may leave the sum a hair below 1.
  return found === -1 ? probabilities.findLastIndex((probability) => probability > 0) : found;
}
