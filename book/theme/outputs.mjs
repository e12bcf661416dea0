/** Stored outputs of notebook cells: streams, errors, and results in many formats. */

import katex from 'katex';
import { classes, escape, tag } from './html.mjs';
import { compact } from './math.mjs';

/** The formats that the theme draws, best first. */
const FORMATS = {
  'text/html': (text) => tag('div', { class: 'output-html scroll' }, withoutPandasStyle(text)),
  'text/latex': (text) => tag('div', { class: 'math' }, tag('div', { class: 'scroll' }, latex(text))),
  'image/svg+xml': (text, attributes) =>
    picture({ src: `data:image/svg+xml,${encodeURIComponent(text)}`, ...attributes }),
  'image/png': (text, attributes) => picture({ src: `data:image/png;base64,${text}`, ...attributes }),
  'image/jpeg': (text, attributes) => picture({ src: `data:image/jpeg;base64,${text}`, ...attributes }),
  'image/gif': (text, attributes) => picture({ src: `data:image/gif;base64,${text}`, ...attributes }),
  'image/webp': (text, attributes) => picture({ src: `data:image/webp;base64,${text}`, ...attributes }),
  'text/markdown': (text) => terminal(text),
  'application/json': (text) => terminal(typeof text === 'string' ? text : JSON.stringify(text, null, 2)),
  'text/plain': (text) => terminal(text),
};

function picture(attributes) {
  return tag('img', { ...attributes, loading: 'lazy' });
}

/** pandas ships a style sheet with each table; its rules would reach the whole page and fight with the theme's. */
function withoutPandasStyle(html) {
  return html
    .replace(/<style scoped>[\s\S]*?<\/style>/g, '')
    .replace(/ border="1"| style="text-align: right;"/g, '');
}

function latex(source) {
  const formula = source.trim().replace(/^(\$\$?|\\\[|\\\()([\s\S]*?)(\$\$?|\\\]|\\\))$/, '$2');
  return compact(katex.renderToString(formula, { displayMode: true }));
}

function terminal(text, name, label) {
  return tag(
    'pre',
    { class: classes('output-text', name) },
    label && tag('span', { class: 'output-label' }, label),
    ansi(text),
  );
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The nearest of the eight terminal colours, which the style sheet can make readable in light and dark. */
function nearestColour(red, green, blue) {
  const threshold = Math.max(red, green, blue) * 0.7;
  const bits = (red > threshold) + 2 * (green > threshold) + 4 * (blue > threshold);
  return bits === 7 ? undefined : COLOURS[bits];
}

function paletteColour(number) {
  if (number < 16) return COLOURS[number % 8];
  if (number >= 232) return undefined;
  const cube = number - 16;
  return nearestColour(Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6);
}

/** What the terminal would show after one escape sequence. */
function styleAfter(style, codes) {
  const next = { ...style };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i];
    if (code === 0) Object.assign(next, { colour: undefined, bold: false, underline: false, marked: false });
    else if (code === 1) next.bold = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = false;
    else if (code === 24) next.underline = false;
    else if (code === 39) next.colour = undefined;
    else if (code === 49) next.marked = false;
    else if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) next.colour = COLOURS[code % 10];
    else if ((code >= 40 && code < 48) || (code >= 100 && code < 108)) next.marked = true;
    else if (code === 38 || code === 48) {
      const isPalette = codes[i + 1] === 5;
      const colour = isPalette ? paletteColour(codes[i + 2]) : nearestColour(...codes.slice(i + 2, i + 5));
      if (code === 38) next.colour = colour;
      else next.marked = true;
      i += isPalette ? 2 : 4;
    }
  }
  return next;
}

/** Text with terminal escapes as HTML. Colours become class names; other escapes and overwritten lines are dropped. */
export function ansi(text) {
  let style = {};
  const lastState = text.replace(/\r\n/g, '\n').replace(/^.*\r/gm, '');
  return lastState
    .split(/(\x1b\[[0-9;]*m)/)
    .map((piece) => {
      const escapeSequence = /^\x1b\[([0-9;]*)m$/.exec(piece);
      if (escapeSequence) {
        style = styleAfter(style, escapeSequence[1].split(';').map(Number));
        return '';
      }
      const plain = escape(piece.replace(/\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07)/g, ''));
      const names = classes(
        style.colour && `ansi-${style.colour}`,
        style.bold && 'ansi-bold',
        style.underline && 'ansi-underline',
        style.marked && 'ansi-marked',
      );
      return names && plain ? tag('span', { class: names }, plain) : plain;
    })
    .join('');
}

function joined(text) {
  return Array.isArray(text) ? text.join('') : (text ?? '');
}

export function renderOutput(output, context) {
  if (output.output_type === 'stream') {
    const isError = output.name === 'stderr';
    return terminal(joined(output.text), output.name, isError && 'stderr');
  }
  if (output.output_type === 'error') return terminal(joined(output.traceback), 'error');
  const format = Object.keys(FORMATS).find((name) => output.data?.[name]);
  if (!format)
    context.fail(`output type "${Object.keys(output.data ?? {}).join(', ') || output.output_type}"`);
  const { content, path, size } = output.data[format];
  const alt = output.metadata?.[format]?.alt ?? context.alt ?? context.words.codeOutput;
  return FORMATS[format](content, { ...(path && { src: context.asset(path) }), alt, ...size });
}

/** The engine moves long outputs into files of their own: bring the text ones back before the page is drawn. */
export async function loadLongOutputs(node, fetchText) {
  const output = node.type === 'output' && node.jupyter_data;
  if (output) {
    const { data = {}, path } = output;
    if (path) output[output.output_type === 'error' ? 'traceback' : 'text'] = await fetchText(path);
    for (const [format, item] of Object.entries(data)) {
      if (item.path && /^(text|application)\//.test(format)) item.content = await fetchText(item.path);
    }
  }
  for (const child of node.children ?? []) await loadLongOutputs(child, fetchText);
}
