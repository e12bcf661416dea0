"""Serve the book on this machine: as it was built, or live while its authors write.

A page that is sent from here gets a script and a style from autograder/browser/ in its head. They
show the reader's own state, which comes as a stream of events from this same server and never
leaves the machine. A book on the web holds neither of them and asks for nothing.

Live, the engine stays up and builds a page again as soon as it is saved (0.3 s for a page of text,
1.5 s for a notebook with ten cards; a whole build takes 6 s). Pages then come from the theme's own
server, through this one.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Condition, Thread
from typing import Any
from urllib.parse import urlsplit

from rich.markup import escape as plain

from autograder.book import (
    BookError,
    console,
    engine_lines,
    environment,
    install_theme,
    needs_install,
    one_at_a_time,
    write_api_pages,
)
from autograder.progress import changes, current
from autograder.project import Project
from autograder.results import WORDS, Outcome

BROWSER = Path(__file__).with_name("browser")
PREFIX = "/_live/"
KEEP_ALIVE = 15.0  # seconds: a stream that is silent for longer looks dead to some browsers
CODE = ("book", "langmodels")  # folders of which every file counts
BUILT = r"📖 Built (\S+) in"  # what the engine says of a page that it has drawn
QUIET = 0.3  # seconds without a line from the engine: it has said all about this change


# --- What open pages are told -----------------------------------------------------------------


class State:
    """What every open page shows, and a bell for when it changes. Safe between threads."""

    def __init__(self) -> None:
        self._bell = Condition()
        # From the clock, so that a page which outlives the server knows the next one's from it.
        self._table: dict[str, Any] = {"version": time.time_ns() // 1_000_000, "faults": []}
        self._changes = 0

    def __getitem__(self, name: str) -> Any:
        return self._table[name]

    def update(self, **values: Any) -> None:
        """Set values; pages hear of it if any is new."""
        with self._bell:
            if any(self._table.get(name) != value for name, value in values.items()):
                self._table |= values
                self._changes += 1
                self._bell.notify_all()

    def new_version(self) -> None:
        """Make every open page load again."""
        self.update(version=self["version"] + 1)

    def messages(self) -> Iterator[str]:
        """The state as JSON: now, after each change, and empty when there was none for a while."""
        seen = -1
        while True:
            with self._bell:
                if self._changes == seen:
                    self._bell.wait(KEEP_ALIVE)
                text = json.dumps(self._table) if self._changes != seen else ""
                seen = self._changes
            yield text


def standing(project: Project) -> dict[str, Any]:
    """The reader's progress as pages show it: exercises in words, chapters in numbers."""
    exercises = current(project).exercises
    done = {e.id for e in exercises if e.outcome is Outcome.PASSED}
    words = {e.id: WORDS[e.outcome] if e.outcome else ("?", "not checked yet") for e in exercises}
    return {
        "exercises": {
            id: {"sign": sign, "words": text, "done": id in done}
            for id, (sign, text) in words.items()
        },
        "chapters": [
            {
                "page": chapter.page,
                "done": sum(e.id in done for e in chapter.exercises),
                "of": len(chapter.exercises),
            }
            for chapter in project.catalog.chapters
        ],
    }


# --- The book as it was built -----------------------------------------------------------------


def serve(project: Project, site: Path, port: int = 8000, base_url: str = "") -> None:
    """Serve the finished book until Ctrl-C, with the reader's progress; prints its address."""
    state = State()
    state.update(**standing(project))
    _follow(project, state, lambda path: None, [])
    _run_server(make_server(site, port, base_url, state), port, base_url)


def make_server(
    site: Path,
    port: int,
    base_url: str = "",
    state: State | None = None,
    attempts: int = 20,
) -> ThreadingHTTPServer:
    """A server for the folder on this port, or on the next free one.

    With a `state` its pages show it. Raises BookError.
    """
    if not (site / "index.html").is_file():
        raise BookError(f"there is no book in {site}: build it first, with course book")
    return _bind(partial(_Files, base_url.rstrip("/"), state, directory=site), port, attempts)


def _bind(handler: Any, port: int, attempts: int = 20) -> ThreadingHTTPServer:
    for candidate in range(port, port + attempts):
        with suppress(OSError):
            server = ThreadingHTTPServer(("127.0.0.1", candidate), handler)
            server.daemon_threads = True  # streams to open pages never end by themselves
            return server
    raise BookError(f"no free port from {port} to {port + attempts - 1}: name another one")


def _run_server(server: ThreadingHTTPServer, port: int, base_url: str) -> None:
    taken = server.server_port
    if taken != port:
        console.print(f"Port {port} is taken; the book is on {taken} instead.")
    address = f"http://localhost:{taken}{base_url.rstrip('/')}/"
    console.print(f"The book: [bold]{address}[/]   (Ctrl-C ends it)")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()


class _Handler(SimpleHTTPRequestHandler):
    """What both servers share: the live part of each page, and no word on the terminal."""

    def __init__(self, base: str, state: State | None, *args: Any, **options: Any) -> None:
        self.base, self.state = base, state
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        """Answer with the live part itself, or with a page."""
        path = urlsplit(self.path).path
        if self.state and path.startswith(PREFIX):
            if path == f"{PREFIX}events":
                self._stream(self.state)
            else:
                self._live_file(path.removeprefix(PREFIX))
        else:
            self.answer()

    def answer(self) -> None:
        """Answer with what the book has at this address."""
        raise NotImplementedError

    def _live_file(self, name: str) -> None:
        if name not in ("live.js", "live.css"):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_body(HTTPStatus.OK, self.guess_type(name), (BROWSER / name).read_bytes())

    def _stream(self, state: State) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with suppress(ConnectionError):
            for message in state.messages():
                self.wfile.write(f"data: {message}\n\n".encode() if message else b":\n\n")

    def send_page(self, status: int, html: bytes) -> None:
        """Send a page, with the live part in its head."""
        if self.state:
            head = (
                f'<meta name="live-version" content="{self.state["version"]}">'
                f'<link rel="stylesheet" href="{PREFIX}live.css">'
                f'<script type="module" src="{PREFIX}live.js"></script></head>'
            )
            html = html.replace(b"</head>", head.encode(), 1)
        self.send_body(status, "text/html; charset=utf-8", html)

    def send_body(self, status: int, type: str, body: bytes) -> None:
        """Send one whole answer, which no browser keeps."""
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            with suppress(ConnectionError):  # a reader who has turned the page meanwhile
                self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


class _Files(_Handler):
    """A finished site, with the book's own page for a wrong address."""

    def answer(self) -> None:
        """Pages with the live part; other files as they are."""
        path = Path(self.translate_path(self.path))
        is_folder = urlsplit(self.path).path.endswith("/")
        page = path / "index.html" if is_folder else path
        if page.suffix == ".html" and page.is_file():
            self.send_page(HTTPStatus.OK, page.read_bytes())
        else:
            SimpleHTTPRequestHandler.do_GET(self)

    def translate_path(self, path: str) -> str:
        """The file behind an address below the path under which the book is published."""
        return super().translate_path(path.removeprefix(self.base) or "/")

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file; a reader who has turned the page meanwhile is no error."""
        with suppress(ConnectionError):
            super().copyfile(source, outputfile)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a wrong address with the book's 404 page."""
        page = Path(self.directory) / "404.html"
        if code == HTTPStatus.NOT_FOUND and page.is_file():
            self.send_page(code, page.read_bytes())
        else:
            super().send_error(code, message, explain)


# --- The book while it is written -------------------------------------------------------------


def serve_live(
    project: Project, port: int = 8000, edition: str = "class", base_url: str = ""
) -> None:
    """Serve the book from its sources until Ctrl-C; open pages follow each saved file.

    Raises:
        BookError: if a tool is missing, or the engine ends by itself.
    """
    theme = project.root / "book" / "theme"
    state = State()
    state.update(**standing(project))
    with one_at_a_time(theme), tempfile.TemporaryDirectory() as tools:
        tools_environment = environment(Path(tools), edition, base_url)
        if needs_install(theme):
            install_theme(theme, tools_environment)
        engine = _Engine(project.root / "book" / "en", tools_environment, state)
        try:
            write_api_pages(project.root)
            engine.start()

            def changed(path: Path) -> None:
                if path.parent.name in ("public", BROWSER.name):
                    state.new_version()
                elif path.suffix in (".mjs", ".json", ".toml") or path.parent.name in CODE:
                    # Read once by the engine, the plugin or the theme: all of them begin again.
                    console.print(f"{plain(path.name)} changed: starting again")
                    try:
                        write_api_pages(project.root)
                    except BookError as error:
                        console.print(f"[red]✗[/] {plain(str(error))}", soft_wrap=True)
                    engine.start()

            _follow(project, state, changed, _folders(project.root, edition))
            handler = partial(_Pages, base_url.rstrip("/"), state, engine)
            _run_server(_bind(handler, port), port, base_url)
        finally:
            engine.stop()


def _folders(root: Path, edition: str) -> list[Path]:
    """Where files lie that decide how pages look, besides the pages themselves."""
    theme = root / "book" / "theme"
    folders = [root / "book", theme, theme / "public", BROWSER]
    folders += [path.parent for path in (root / "exercises").glob("*/exercises.toml")]
    return folders + [root / "solutions" / "langmodels"] * (edition == "self-study")


def _follow(project: Project, state: State, changed: Any, more: list[Path]) -> None:
    """In a thread of its own: keep the reader's progress true, and report other saved files."""
    memory, code = project.root / ".course", project.package / "langmodels"
    memory.mkdir(exist_ok=True)

    def run() -> None:
        for paths in changes(memory, code, *more):
            if any(path.parent in (memory, code) for path in paths):
                with suppress(OSError, SyntaxError):  # caught while it was being written
                    state.update(**standing(project))
            for path in paths:
                if path.parent not in (memory, code):
                    changed(path)

    Thread(target=run, daemon=True).start()


class _Engine:
    """Jupyter Book and the theme's server, both kept up; what they say goes to state and terminal.

    Attributes:
        port: where the theme serves pages.
    """

    def __init__(self, source: Path, environment: dict[str, str], state: State) -> None:
        self.source, self.environment, self.state = source, environment, state
        self.port = 0
        self._process: subprocess.Popen[str] | None = None
        self._faults: dict[str, str] = {}  # by the page that has them

    def start(self) -> None:
        """Start it, or start it again."""
        self.stop()
        self.port, content_port = _free_port(), _free_port()
        ports = ["--port", str(self.port), "--server-port", str(content_port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_book", "start", *ports],
            cwd=self.source,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def stop(self) -> None:
        """End it with all its children."""
        process, self._process = self._process, None
        if process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        """Hear the engine out until it ends."""
        lines: Queue[str | None] = Queue()

        def read() -> None:
            assert process.stdout
            with process.stdout as output:
                for line in output:
                    lines.put(re.sub(r"\x1b\[[0-9;]*m", "", line.rstrip()))
            lines.put(None)

        Thread(target=read, daemon=True).start()
        said: list[str] = []
        is_up = False
        while True:
            try:
                line = lines.get(timeout=QUIET)
            except Empty:
                self._conclude(said)
                said = []
                continue
            if line is None:
                break
            said.append(line)
            is_up = is_up or "Server started" in line
            if is_up and re.search(BUILT + "|Server started", line):
                self.state.new_version()
        if process is self._process:  # nobody has stopped it
            reason = next((line for line in reversed(said) if line.strip()), "it said nothing")
            self._tell({"": f"the book's engine has ended ({reason}); start the command again"})

    def _conclude(self, said: Sequence[str]) -> None:
        """Find the faults in what the engine and the theme said about one change."""
        found: dict[str, str] = {}
        for text in engine_lines(said, "⛔") + engine_lines(said, "theme:"):
            page = re.match(r"[\w./-]+\.(?:md|ipynb|yml|bib)", text)
            found.setdefault(page[0] if page else "", text)
        built = {name for line in said for name in re.findall(BUILT, line)}
        if found or built:
            self._tell({k: v for k, v in self._faults.items() if k not in built} | found)

    def _tell(self, faults: dict[str, str]) -> None:
        for text in faults.values():
            if text not in self._faults.values():
                console.print(f"[red]✗[/] {plain(text)}", soft_wrap=True)
        for page in self._faults.keys() - faults.keys():
            console.print(f"[green]✓[/] {plain(page)}")
        self._faults = faults
        self.state.update(faults=list(faults.values()))


class _Pages(_Handler):
    """Pages as the theme draws them now; where it cannot, one sentence that says why."""

    def __init__(
        self, base: str, state: State, engine: _Engine, *args: Any, **options: Any
    ) -> None:
        self.engine = engine
        super().__init__(base, state, *args, **options)

    def answer(self) -> None:
        """Ask the theme, and hand on what it says."""
        connection = http.client.HTTPConnection("localhost", self.engine.port, timeout=30)
        try:
            connection.request("GET", self.path)
            reply = connection.getresponse()
            status, body = reply.status, reply.read()
            type = reply.getheader("Content-Type", "")
        except OSError:
            text = "The book is being built; this page comes up by itself."
            status, type, body = HTTPStatus.SERVICE_UNAVAILABLE, "", text.encode()
        finally:
            connection.close()
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # It loads again when a page has been built.
            text = escape(body.decode("utf-8", "replace"))
            html = f"<!doctype html><html lang=en><head><title>…</title></head><p>{text}</p>"
            self.send_page(status, html.encode())
        elif type.startswith("text/html"):
            self.send_page(status, body)
        else:
            self.send_body(status, type, body)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
