/**
 * Makes public/vendor, what the reader's browser needs from node_modules, with every font cut down to the characters of
 * a book. Runs after every `npm ci`.
 */

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import subsetFont from 'subset-font';

const theme = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(theme, 'node_modules');
const vendor = path.join(theme, 'public', 'vendor');
const fonts = path.join(vendor, 'fonts');

const characters = (first, last) =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
const ASCII = characters(0x20, 0x7e);

fs.rmSync(vendor, { recursive: true, force: true });
fs.mkdirSync(fonts, { recursive: true });

// ---------------------------------------------------------------- the text

// What is not here comes from the reader's own fonts, character by character.
const PROSE = `${ASCII}ﬁﬂ\u00a0°±²·½ÄÉÖ×Üßàáâäåçèéêëíïñóôöøúü–—‘’“”…←↑→↓−`;
const sourceSerif = path.join(modules, '@fontsource/source-serif-4');
const serif = path.join(sourceSerif, 'files/source-serif-4-latin-');
fs.copyFileSync(path.join(sourceSerif, 'LICENSE'), path.join(fonts, 'serif-LICENSE.txt'));
for (const [style, name] of [
  ['400-normal', 'roman'],
  ['400-italic', 'italic'],
  ['600-normal', 'semibold'],
]) {
  const whole = fs.readFileSync(`${serif}${style}.woff2`);
  const cut = { noLayoutClosure: true }; // neither small capitals nor old-style figures
  const font = await subsetFont(whole, PROSE, { ...cut, targetFormat: 'woff2' });
  fs.writeFileSync(path.join(fonts, `serif-${name}.woff2`), font);
  // The pictures that links to a page show are drawn with this one, see autograder/publish.py.
  if (name === 'semibold')
    fs.writeFileSync(
      path.join(vendor, 'serif.ttf'),
      await subsetFont(whole, PROSE, { ...cut, targetFormat: 'truetype' }),
    );
}

// ---------------------------------------------------------------- formulas

const LETTERS = ASCII + characters(0x391, 0x3f5);
// KaTeX puts a zero-width space beside each index.
const SYMBOLS = '\u00a0\u200b±·×ˉ′…⋅⋯∂∇∈∏∑−∗∘∙√∞∣∥∩∪∼≈≡≠≤≥⊙⊕⊗⊤←→↦⇒⌈⌉⌊⌋⟨⟩ℓℝ';
const LETTERS_RANGE = 'U+20-7e,U+391-3f5';
const SYMBOLS_RANGE = [...SYMBOLS].map((symbol) => `,U+${symbol.codePointAt(0).toString(16)}`).join('');

/** One font of KaTeX: the common characters in a small file, and the whole font for a page that needs another one. */
async function fontFace(rule, style, name) {
  const font = fs.readFileSync(path.join(modules, 'katex/dist/fonts', `${name}.woff2`));
  fs.writeFileSync(path.join(fonts, `${name}.woff2`), font);
  const hasSymbols = /Main-Regular|AMS/.test(name);
  const text = hasSymbols ? LETTERS + SYMBOLS : LETTERS;
  const common = await subsetFont(font, text, { targetFormat: 'woff2', noLayoutClosure: true });
  const face = (file, range) =>
    `@font-face{${style}src:url(vendor/fonts/${file}.woff2) format("woff2")${range ? `;unicode-range:${range}` : ''}}`;
  if (font.length - common.length < 2000) return face(name);
  fs.writeFileSync(path.join(fonts, `${name}-common.woff2`), common);
  // For a character that two faces offer, the browser takes the later one, and never fetches the other.
  return face(name) + face(`${name}-common`, LETTERS_RANGE + (hasSymbols ? SYMBOLS_RANGE : ''));
}

// Every browser that runs the theme reads woff2: without the other formats no address in the style sheet is dead.
const FONT_FACE = /@font-face\{([^}]*?)src:url\(fonts\/([\w-]+)\.woff2\)[^}]*\}/g;
// Half of KaTeX's style sheet is a table of every size inside every other one. The ratio can be left to the browser.
const RESIZE =
  /\.katex \.fontsize-ensurer\.reset-size(\d+)\.size(\d+),\.katex \.sizing\.reset-size\1\.size\2\{font-size:([\d.]+)em\}/g;

let style = fs.readFileSync(path.join(modules, 'katex/dist/katex.min.css'), 'utf8');
for (const match of [...style.matchAll(FONT_FACE)]) style = style.replace(match[0], await fontFace(...match));
const sizes = [...style.matchAll(RESIZE)].filter(([, outer]) => outer === '6'); // of which the size is 1em
style = style.replace(RESIZE, '');
for (const [, , size, em] of sizes) {
  const inKatex = '.katex :is(.fontsize-ensurer,.sizing)';
  style += `${inKatex}.reset-size${size}{--outer:${em}}${inKatex}.size${size}{font-size:calc(${em}em/var(--outer))}`;
}
fs.writeFileSync(path.join(vendor, 'katex.css'), style);

// ---------------------------------------------------------------- search

const minisearch = fs
  .readFileSync(path.join(modules, 'minisearch/dist/es/index.js'), 'utf8')
  .replace(/^\/\/# sourceMappingURL=.*$/m, '');
fs.writeFileSync(path.join(vendor, 'minisearch.mjs'), minisearch);
