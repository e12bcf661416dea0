/**
 * The theme as the engine sees it: an HTTP server that asks the content server for syntax trees and answers with pages.
 * For a static build the engine fetches every address once, writes what it gets, and copies public/ beside it.
 */

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadFigures } from './figures.mjs';
import { loadLongOutputs } from './outputs.mjs';
import { loadPictureSizes } from './pictures.mjs';
import { bookFrom, renderNotFound, renderPage, renderRobots, renderSitemap } from './page.mjs';
import { exerciseRecords, withKinds } from './records.mjs';
import { UnknownNode } from './render.mjs';

const host = process.env.HOST || 'localhost';
const port = Number(process.env.PORT || 3000);
const contentServer = process.env.CONTENT_CDN || `http://${host}:${process.env.CONTENT_CDN_PORT || 3100}`;
const base = (process.env.BASE_URL || '').replace(/\/+$/, '');
const isStatic = process.env.MODE === 'static';

const themeFolder = path.dirname(fileURLToPath(import.meta.url));
const publicFolder = path.join(themeFolder, 'public');
// An npm that is told to run no scripts has not made it.
if (!fs.existsSync(path.join(publicFolder, 'vendor'))) await import('./vendor.mjs');
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
  '.xsl': 'application/xml; charset=utf-8',
};

/** KaTeX's rules and ours in one file, without comments and indentation. */
function styleSheet() {
  const files = [path.join(publicFolder, 'vendor', 'katex.css'), path.join(themeFolder, 'theme.css')];
  return files
    .map((file) => fs.readFileSync(file, 'utf8'))
    .join('')
    .replace(/\/\*[^]*?\*\/|\n\s*/g, ' ')
    .replace(/ *([{};,]) */g, '$1');
}

class NotFound extends Error {}

async function fetchContent(address) {
  const response = await fetch(contentServer + address);
  if (response.status === 404) throw new NotFound(address);
  if (!response.ok) throw new Error(`content server: ${response.status} for ${address}`);
  return response;
}

async function fetchBook() {
  return bookFrom(await (await fetchContent('/config.json')).json(), base);
}

async function page(book, address) {
  const name = decodeURIComponent(address)
    .replace(/^\/|\/$/g, '')
    .replaceAll('/', '.');
  const slug = name || book.pages[0].slug;
  if (!book.pages.some((candidate) => candidate.slug === slug)) throw new NotFound(address);
  const content = await (await fetchContent(`/content/${encodeURIComponent(slug)}.json`)).json();
  const fetchText = async (file) => (await fetchContent(file)).text();
  await loadLongOutputs(content.mdast, fetchText);
  await loadFigures(content.mdast, fetchText);
  await loadPictureSizes(content.mdast, async (file) => (await fetchContent(file)).arrayBuffer());
  return renderPage(book, content);
}

/** The engine's sections with text in them, and what else a reader may look for. */
async function searchIndex() {
  const json = async (file) => (await fetchContent(file)).json();
  const { kinds } = (await fetchBook()).words;
  const [index, { references }] = await Promise.all([json('/myst.search.json'), json('/myst.xref.json')]);
  const cards = references.filter(({ kind }) => kind === 'exercise');
  const pages = new Map(cards.map(({ url, data }) => [url, data]));
  const exercises = await Promise.all(
    [...pages].map(async ([url, data]) => exerciseRecords(await json(data), url, kinds)),
  );
  const sections = index.records.filter(({ type }) => type === 'content');
  return [...withKinds(sections, references, kinds), ...exercises.flat()];
}

/** The answer to one address: `[type, body]`. */
async function answer(address) {
  if (address === '/sitemap.xml') return ['.xml', renderSitemap(await fetchBook())];
  if (address === '/robots.txt') return ['.txt', renderRobots(await fetchBook())];
  // The engine asks for these two by name.
  if (address === '/myst-theme.css') return ['.css', styleSheet()];
  if (address === '/sitemap_style.xsl')
    return ['.xsl', '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>\n'];

  if (address === '/search.json') return ['.json', JSON.stringify(await searchIndex())];

  const file = path.join(publicFolder, path.normalize(address));
  if (file.startsWith(publicFolder + path.sep) && fs.existsSync(file) && fs.statSync(file).isFile()) {
    return [path.extname(file), fs.readFileSync(file)];
  }
  if (address.startsWith('/build/')) {
    const response = await fetchContent(address.slice('/build'.length));
    return [path.extname(address), Buffer.from(await response.arrayBuffer())];
  }
  // The engine asks for each page's data as well. It holds cells that the author removed from the page: keep it back.
  if (address.endsWith('.json')) return ['.json', '{}\n'];
  return ['.html', await page(await fetchBook(), address)];
}

const reported = new Set();

/** One line for each fault, though the engine asks three times before it gives up the build. */
function report(message) {
  if (!reported.has(message)) console.error(`theme: ${message}`);
  reported.add(message);
}

async function handle(request, response) {
  const { pathname } = new URL(request.url, 'http://theme');
  const address =
    base && (pathname === base || pathname.startsWith(`${base}/`))
      ? pathname.slice(base.length) || '/'
      : pathname;
  let status = 200;
  let type;
  let body;
  try {
    [type, body] = await answer(address);
  } catch (error) {
    if (error instanceof NotFound) {
      [status, type, body] = [404, '.html', renderNotFound(await fetchBook())];
    } else {
      const message =
        error instanceof UnknownNode ? error.message : `${error.message.split('\n')[0]} (at ${address})`;
      report(message);
      [status, type, body] = [500, '.txt', `theme: ${message}\n`];
    }
  }
  response.writeHead(status, {
    'Content-Type': TYPES[type] ?? 'application/octet-stream',
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => {
    report(error.message);
    response.writeHead(500).end(`theme: ${error.message}\n`);
  });
});

server.listen(port, host, async () => {
  if (isStatic) {
    // Static hosts show 404.html for a missing page. The engine asks for neither file, but it copies public/.
    fs.writeFileSync(path.join(publicFolder, '404.html'), renderNotFound(await fetchBook()));
    fs.writeFileSync(path.join(publicFolder, 'search.json'), JSON.stringify(await searchIndex()));
  }
  console.log(`Server started on http://${host}:${port}`);
});

// The engine leaves its children behind when a build fails; its end of our input closes then.
if (process.env.CONTENT_CDN_PORT) process.stdin.on('end', () => process.exit()).resume();
