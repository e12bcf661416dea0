/** Where a notebook page can be run: on the reader's machine, or by services that open it from its repository. */

import { renderCode } from './code.mjs';
import { tag } from './html.mjs';

// A machine at Colab has the notebook and nothing else: these lines, run first, bring the rest.
const colabCell = (repository, folder) => `!git clone -q --depth 1 ${repository} course
!pip install -q --no-deps --require-hashes -r course/requirements.lock
import sys; sys.path.insert(0, "/content/course/solutions")
%cd course/${folder}`;

export function launch(book, { kind, location, frontmatter }) {
  if (kind !== 'Notebook') return '';
  const { words } = book;
  const folder = `book/${book.language.split('-')[0]}`;
  const file = folder + location;
  const local = [
    tag('p', {}, words.runHere),
    renderCode({ lang: 'bash', value: `.venv/bin/jupyter lab ${file}` }),
  ];
  return tag(
    'details',
    { class: 'fold launch' },
    tag('summary', {}, words.run),
    local,
    frontmatter.github && services(words, frontmatter.github, folder, file),
  );
}

function services(words, repository, folder, file) {
  const name = new URL(repository).pathname.replace(/^\/|\/$/g, '');
  const links = [
    ['Binder', `https://mybinder.org/v2/gh/${name}/main?urlpath=lab/tree/${file}`],
    ['GitHub Codespaces', `https://codespaces.new/${name}?quickstart=1`],
    ['Google Colab', `https://colab.research.google.com/github/${name}/blob/main/${file}`],
  ];
  const items = links.map(([service, href]) => tag('li', {}, tag('a', { href }, service)));
  return [
    tag('p', {}, words.runThere),
    tag('ul', {}, items),
    tag('p', {}, words.colabFirst),
    renderCode({ lang: 'text', value: colabCell(repository, folder) }),
  ];
}
