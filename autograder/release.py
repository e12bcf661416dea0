"""The student's repository, made from the instructor's: what a student needs, and no answer.

Only what is named here goes in. Before anything is written, it is searched for what must stay
behind: solutions, hidden tests, mistakes, alternatives, the answers of the notebooks. A release
lists its files with their digests, so that `course update` can tell what a student has changed.
"""

import ast
import hashlib
import html
import json
import re
import textwrap
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
import msgspec

from autograder.catalog import Catalog, Chapter
from autograder.progress import HIDDEN_CHECKS, hidden_checks
from autograder.project import ORIGINALS, Project
from autograder.sync import regions, stubs, write_bytes
from autograder.update import MANIFEST, Manifest, ReleaseError, read_manifest

# Shorter lines and smaller statements occur in anybody's code.
LINE, STATEMENT = 24, 30
# What the book's notebooks read in the folder above theirs.
BESIDE_CHAPTERS = ("course.mplstyle", "ladder.json")
NOTEBOOK_SECRETS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def release(project: Project, folder: Path, book: Path | None = None) -> Manifest:
    """Write the student's repository into a folder that is empty or holds an earlier release.

    Args:
        book: the built class edition, to be put into book/.

    Returns:
        What was written.

    Raises:
        ReleaseError: if the folder holds something else, or an answer would leave the house.
    """
    before = _earlier(folder)
    files = contents(project, book)
    if found := [str(leak) for leak in leaks(files, secrets(project))]:
        more = [f"… and {len(found) - 10} more"] if len(found) > 10 else []
        raise ReleaseError(
            "\n  ".join(["nothing was released, it would hold:", *found[:10], *more])
        )
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    whole = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    manifest = Manifest(f"{_settings(project.root)['version']}+{whole[:8]}", digests)
    for path, content in files.items():
        write_bytes(folder / path, content)
    for path in before.keys() - files.keys():
        (folder / path).unlink(missing_ok=True)
    write_bytes(folder / MANIFEST, manifest.encoded())
    return manifest


def _earlier(folder: Path) -> dict[str, str]:
    """The files of the release in the folder; what else is there (.git) stays."""
    if not folder.exists() or not any(folder.iterdir()):
        return {}
    try:
        return read_manifest(folder).files
    except ReleaseError:
        message = f"{folder} holds something else than an earlier release: name an empty folder"
        raise ReleaseError(message) from None


# --- What goes in -------------------------------------------------------------------------------


def contents(project: Project, book: Path | None = None) -> dict[str, bytes]:
    """Every file of the student's repository: path → content."""
    root = project.root
    files: dict[str, bytes] = {}
    for path, text in stubs(root).items():
        name = path.relative_to(root / "src").as_posix()
        files[f"src/{name}"] = files[f"{ORIGINALS}/{name}"] = text.encode()
    for chapter in project.catalog.chapters:
        for name, content in _chapter(project, chapter):
            files[f"exercises/{chapter.folder.name}/{name}"] = content
    for path in _chapter_notebooks(root / "book" / "en"):
        files[f"chapters/{path.name}"] = path.read_bytes()
    for name in BESIDE_CHAPTERS:
        files[name] = (root / "book" / name).read_bytes()
    for path in engine(root):
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    for name in ("LICENSE", "LICENSE-TEXT"):
        files[name] = (root / name).read_bytes()
    files["requirements.lock"] = (root / "requirements-student.lock").read_bytes()
    files |= _templates(project.catalog, root, with_book=book is not None)
    if book:
        for path in sorted(p for p in book.rglob("*") if p.is_file()):
            files[f"book/{path.relative_to(book).as_posix()}"] = path.read_bytes()
    return files


def _chapter(project: Project, chapter: Chapter) -> Iterator[tuple[str, bytes]]:
    for path in sorted([*chapter.folder.glob("*.py"), chapter.folder / "exercises.toml"]):
        yield path.name, path.read_bytes()
    for path in sorted(chapter.folder.glob("*.ipynb")):
        yield path.name, student_notebook(path).encode()
    checks = {e.id: hidden_checks(project, e) for e in chapter.exercises}
    yield HIDDEN_CHECKS, json.dumps(checks, indent=1, ensure_ascii=False).encode()


def _chapter_notebooks(folder: Path) -> list[Path]:
    """The book's notebooks, to be run with one's own code, and what they read."""
    kinds = ("*.ipynb", "*_experiments.py", "figure_data.py", "*.json", "*.safetensors")
    return sorted(path for kind in kinds for path in folder.glob(kind))


def student_notebook(path: Path) -> str:
    """An assignment as students get it, by the steps of `nbgrader generate_assignment`.

    Only the gradebook is left out of them.
    """
    import nbformat
    from nbgrader import preprocessors as steps

    notebook = nbformat.read(path, as_version=4)
    for step in (
        steps.LockCells,
        steps.ClearSolutions,
        steps.ClearOutput,
        steps.ComputeChecksums,
        steps.ClearHiddenTests,
        steps.ClearMarkScheme,
        steps.ComputeChecksums,
        steps.CheckCellMetadata,
    ):
        notebook, _ = step().preprocess(notebook, {})
    text: str = nbformat.writes(notebook)
    return text + "\n"


def engine(root: Path) -> list[Path]:
    """The files of the grader that a student's commands and visible tests import."""
    package = root / "autograder"
    found: set[Path] = set()
    waiting = [package / "cli.py", package / "plugin.py", package / "worker.py"]
    for tests in (root / "exercises").glob("*/*.py"):
        waiting += _imports(package, tests)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(package, path)
    found |= {path.parent / "__init__.py" for path in found}
    others = [*(package / "templates").glob("*.j2"), *(package / "browser").glob("live.*")]
    return sorted([*found, *others, package / "examiner.ini"])


def _imports(package: Path, path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            top, *rest = name.split(".")
            if top == package.name and rest:
                place = package.joinpath(*rest)
                candidates = (place.with_suffix(".py"), place / "__init__.py")
                yield from (c for c in candidates if c.is_file())


def _templates(catalog: Catalog, root: Path, with_book: bool) -> dict[str, bytes]:
    """README, workflow and the like: templates/student/, filled in."""
    folder = root / "autograder" / "templates" / "student"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        # GitHub's workflows and Make are full of braces.
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
    )
    project = _settings(root)
    extras = project["optional-dependencies"]
    first = next(iter(catalog.exercises.values()))
    words = {
        "project": project,
        "dependencies": [*project["dependencies"], *extras["student"], *extras["models"]],
        "first": first,
        "chapters": catalog.chapters,
        "assignments": {c.number for c in catalog.chapters if any(c.folder.glob("*.ipynb"))},
        "with_book": with_book,
    }
    names = environment.list_templates()
    return {
        n.removesuffix(".j2"): environment.get_template(n).render(words).encode() for n in names
    }


def _settings(root: Path) -> dict[str, Any]:
    settings: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    found: dict[str, Any] = settings["project"]
    return found


# --- What must stay ------------------------------------------------------------------------------


class Leak(msgspec.Struct, frozen=True):
    """A line of a release, and where it comes from."""

    path: str
    text: str
    origin: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text.strip()[:80]!r}, which is from {self.origin}"


def secrets(project: Project) -> dict[str, str]:
    """What must stay with the instructor: lines and statements → where they are from.

    A line that the stubs have as well is no secret; nor is what a hidden test has in common with
    a visible one or with the grader.
    """
    given = [*stubs(project.root).values()]
    tests = [p for c in project.catalog.chapters for p in c.folder.glob("*.py")]
    known = [path.read_text(encoding="utf-8") for path in [*engine(project.root), *tests]]
    found: dict[str, str] = {}
    for origins, public in (
        (_graders_secrets(project), [*given, *known]),
        (_answers(project), given),
    ):
        for origin, code, run in origins:
            found |= dict.fromkeys([*_lines(code, run), *_statements(code)], origin)
        for text in public:
            for piece in _pieces(text):
                found.pop(piece, None)
    return found


def leaks(files: Mapping[str, bytes], secrets: Mapping[str, str]) -> Iterator[Leak]:
    """What of the files holds a secret.

    Lines are compared without their spaces, statements with their names replaced.
    """
    for path, content in files.items():
        for text in _texts(path, content):
            for piece, as_it_stands in _pieces(text).items():
                if piece in secrets:
                    yield Leak(path, as_it_stands, secrets[piece])


def _graders_secrets(project: Project) -> Iterator[tuple[str, str, int]]:
    """Hidden tests, mistakes and alternatives: where it is, the source, and how many lines of it
    in a row tell that it is from there.
    """
    for folder in project.secrets:
        if folder.name != "solutions":
            for path in sorted(folder.rglob("*.py")):
                name = path.relative_to(project.root).as_posix()
                yield name, path.read_text(encoding="utf-8"), 3


def _answers(project: Project) -> Iterator[tuple[str, str, int]]:
    """What students have to find: the reference's solutions, and the notebooks' answers."""
    for path in sorted((project.root / "solutions").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for begin, end, symbol, _ in regions(source):
            yield f"the solution of {symbol}", "\n".join(source.splitlines()[begin : end - 1]), 1
    for path in sorted((project.root / "exercises").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for kind in NOTEBOOK_SECRETS:
                pattern = rf"(?s)### BEGIN {kind}\n(.*?)### END {kind}"
                for found in re.findall(pattern, _joined(cell["source"])):
                    yield f"an answer of {path.name}", found, 2


def _texts(path: str, content: bytes) -> Iterator[str]:
    """What a person could read in a file."""
    try:
        text = content.decode()
    except UnicodeDecodeError:  # a picture
        return
    match PurePosixPath(path).suffix:
        case ".html":
            yield html.unescape(re.sub(r"<[^>]*>", "", text))
        case ".json" | ".ipynb":
            yield from _strings(json.loads(text))
        case _:
            yield text


def _strings(value: object) -> Iterator[str]:
    """Every text in a JSON document. A notebook keeps one as a list of lines."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        if value and all(isinstance(part, str) for part in value):
            yield _joined(value)
        else:
            for part in value:
                yield from _strings(part)


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _pieces(text: str) -> dict[str, str]:
    """All that is compared: lines, two and three in a row, and statements."""
    return _lines(text, 1) | _lines(text, 2) | _lines(text, 3) | _statements(text)


def _lines(text: str, run: int) -> dict[str, str]:
    """So many lines in a row, without their spaces, and as they stand; where that is enough to
    tell where they are from.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    found = {}
    for start in range(len(lines) - run + 1):
        as_they_stand = "\n".join(lines[start : start + run])
        squeezed = re.sub(r"[^\S\n]+", "", as_they_stand)
        if len(squeezed) >= LINE * run:
            found[squeezed] = as_they_stand
    return found


def _statements(text: str) -> dict[str, str]:
    """Each statement that is large enough to tell, with its names replaced, and as it stands.

    Empty for what is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an escape in somebody's text is not news
            tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError):
        return {}
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {
        _shape(node): ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        and not isinstance(node, definitions)  # their statements are compared one by one
        and sum(1 for _ in ast.walk(node)) >= STATEMENT
    }


def _shape(node: ast.stmt) -> str:
    """The statement as text, its names numbered in the order in which they come."""
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"{found[1]}={numbers.setdefault(found[2], len(numbers))}"

    return re.sub(r"\b(id|arg)='(\w*)'", number, ast.dump(node))
