"""The whole book as one PDF: title page, contents with page numbers, bookmarks, links that work.

A browser opens the built book, a script (browser/print.js) joins all pages into one document, and
the browser prints that twice: the first print tells on which page each section begins, the second
has the numbers in its contents.
"""

import importlib.util
import io
import shutil
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any

from autograder.book import BookError, console
from autograder.serving import BROWSER, make_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TEXT_WIDTH = 627  # CSS pixels: an A4 page without the margins that print.css gives it (166 mm)
NOTES = {"class": "Class edition", "self-study": "Self-study edition, with solutions"}


def print_book(site: Path, edition: str, file: Path) -> int:
    """Write the built book as a PDF.

    Args:
        site: the folder with the built book.
        edition: named on the title page.
        file: where the PDF goes; its folder is made.

    Returns:
        The number of its pages.

    Raises:
        BookError: where there is no browser, or a package is missing.
    """
    if not (importlib.util.find_spec("playwright") and importlib.util.find_spec("pypdf")):
        raise BookError("a PDF needs playwright and pypdf: pip install 'ngrams-to-mamba[pdf]'")
    from playwright.sync_api import sync_playwright

    with (
        make_server(site, 0) as server,
        sync_playwright() as playwright,
        console.status("Printing the book"),
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=_browser(playwright))
        try:
            page = browser.new_page(viewport={"width": TEXT_WIDTH, "height": 1000})
            page.emulate_media(media="print")
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.add_style_tag(path=BROWSER / "print.css")
            note = f"{NOTES[edition]} · {version('ngrams-to-mamba')}"
            script = (BROWSER / "print.js").read_text(encoding="utf-8")
            wanted = page.evaluate(script, {"note": note, "width": TEXT_WIDTH})
            content, n_pages = _print_with_numbers(page, wanted)
        finally:
            browser.close()
            server.shutdown()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return n_pages


def _browser(playwright: Any) -> str:
    """A browser of this machine, or the one that playwright has fetched."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    own = str(playwright.chromium.executable_path)
    if not found and not Path(own).is_file():
        raise BookError(
            "a PDF needs Chromium or Chrome, and none was found: install your system's package "
            "(apt install chromium), or run python -m playwright install chromium"
        )
    return found or own


def _print_with_numbers(page: Any, wanted: list[str]) -> tuple[bytes, int]:
    """Print until the numbers in the contents are those of the print: twice, as a rule."""
    from pypdf import PdfReader

    numbers: dict[str, int] = {}
    for _ in range(4):
        content: bytes = page.pdf(prefer_css_page_size=True, outline=True, tagged=True)
        reader = PdfReader(io.BytesIO(content))
        places = reader.named_destinations
        found = {
            id: (reader.get_destination_page_number(places[f"/{id}"]) or 0) + 1 for id in wanted
        }
        if found == numbers:
            return content, len(reader.pages)
        numbers = found
        page.evaluate(
            "(numbers) => { for (const [id, number] of Object.entries(numbers))"
            " document.getElementById(`_to-${id}`).textContent = number; }",
            numbers,
        )
    raise BookError("the page numbers of the PDF do not come to rest")
