/** Copies what the reader's browser needs from node_modules into public/vendor. Runs after every `npm ci`. */

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const theme = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(theme, 'node_modules');
const vendor = path.join(theme, 'public', 'vendor');

fs.rmSync(vendor, { recursive: true, force: true });
fs.mkdirSync(path.join(vendor, 'fonts'), { recursive: true });

const katex = path.join(modules, 'katex', 'dist');
for (const font of fs.readdirSync(path.join(katex, 'fonts'))) {
  if (font.endsWith('.woff2'))
    fs.copyFileSync(path.join(katex, 'fonts', font), path.join(vendor, 'fonts', font));
}

// Every browser that runs the theme reads woff2: without the other formats no address in the style sheet is dead.
const style = fs
  .readFileSync(path.join(katex, 'katex.min.css'), 'utf8')
  .replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, '');
fs.writeFileSync(path.join(vendor, 'katex.css'), style);

const minisearch = fs
  .readFileSync(path.join(modules, 'minisearch', 'dist', 'es', 'index.js'), 'utf8')
  .replace(/^\/\/# sourceMappingURL=.*$/m, '');
fs.writeFileSync(path.join(vendor, 'minisearch.mjs'), minisearch);
