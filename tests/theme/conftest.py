"""Builds the fixture book once, serves it, and opens it in a browser where there is one."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder import book
from autograder.book import one_at_a_time
from autograder.publish import publish
from autograder.serving import make_server

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


@pytest.fixture(scope="session")
def node_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which `course book` runs the engine, with the theme's packages there."""
    environment = book.environment(tmp_path_factory.mktemp("tools"), "class", "")
    with book.one_at_a_time(THEME):
        if book.needs_install(THEME):
            book.install_theme(THEME, environment)
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
        with one_at_a_time(THEME):
            process = subprocess.run(
                [sys.executable, "-m", "jupyter_book", "build", "--html", "--strict"],
                cwd=book,
                env={**node_environment, **variables},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
            )
        site = book / "_build" / "html"
        if not process.returncode:
            publish(site, THEME.parents[1] / "CHANGELOG.md")
        return Build(process, site)

    return build


@pytest.fixture(scope="session")
def built(build_book: Callable[..., Build]) -> Build:
    build = build_book()
    assert build.code == 0, build.log
    return build


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a finished site."""
    server = make_server(site, port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(built: Build) -> Iterator[str]:
    with served(built.site) as address:
        yield address


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


def recorded_page(context: Any) -> Any:
    """A new page; `page.said` and `page.requests` record what it does."""
    page = context.new_page()
    page.set_default_timeout(5000)
    page.said, page.requests = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("response", lambda response: page.requests.append(response))
    return page


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a recorded page in a fresh context."""
    contexts = []

    def open_page(slug: str = "", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = recorded_page(context)
        page.goto(f"{address}/{slug}/" if slug else f"{address}/", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
