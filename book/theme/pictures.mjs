/** The sizes of a page's pictures: with them the browser keeps their place, and nothing moves when they arrive. */

import { imageSize } from 'image-size';

/** Every object in the tree that names a picture file: images, and outputs that the engine moved into files. */
function* pictureFiles(node) {
  if (node.type === 'image' && !node.placeholder) yield [node, node.url];
  for (const [format, item] of Object.entries(node.jupyter_data?.data ?? {})) {
    if (format.startsWith('image/') && item.path) yield [item, item.path];
  }
  for (const child of node.children ?? []) yield* pictureFiles(child);
}

/** Gives each of them `size: {width, height}` in pixels. A film has none, and a picture of another server is not read. */
export async function loadPictureSizes(mdast, fetchBytes) {
  for (const [node, file] of pictureFiles(mdast)) {
    if (!file?.startsWith('/') || /\.(mp4|webm)$/.test(file)) continue;
    const { width, height } = imageSize(new Uint8Array(await fetchBytes(file)));
    node.size = { width: Math.round(width), height: Math.round(height) };
  }
}
