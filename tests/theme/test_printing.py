"""The book as a PDF: whole, numbered, linked, and without holes."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from autograder import printing
from autograder.book import BookError

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install '.[pdf]'")


def print_book(*arguments: Any) -> int:
    """In a thread of its own: in this one the tests' browser may be at home."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(printing.print_book, *arguments).result()


@pytest.fixture(scope="module")
def printed(built: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    if not shutil.which("chromium"):
        pytest.skip("no chromium on PATH: install Debian's chromium to print the book")
    file = tmp_path_factory.mktemp("paper") / "new" / "book.pdf"
    n_pages = print_book(built.site, "self-study", file)
    reader = pypdf.PdfReader(file)
    assert len(reader.pages) == n_pages > 8
    return reader


@pytest.fixture(scope="module")
def texts(printed: Any) -> list[str]:
    # Letters that are joined in print are letters all the same.
    extracted = (normalize("NFKC", page.extract_text()) for page in printed.pages)
    return [" ".join(text.split()) for text in extracted]


def entries(site: Path) -> list[tuple[str, str]]:
    """Title in the contents and heading of each page, in order."""
    html = (site / "index.html").read_text("utf-8")
    nav = re.search(r'<nav[^>]*class="contents".*?</nav>', html, re.DOTALL)
    assert nav
    found = []
    for address, title in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', nav[0]):
        page = (site / address.strip("/") / "index.html").read_text("utf-8")
        heading = re.search(r"<h1>(.*?)</h1>", page)
        assert heading
        found.append((plain(title), plain(heading[1])))
    return found


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", html).split())


def test_it_opens_with_title_and_edition(texts):
    assert "Self-study edition" in texts[0]
    assert "Contents" in texts[1].split()[:10]  # after the running heads


def test_every_page_of_the_book_has_a_bookmark_and_its_number_in_the_contents(
    built, printed, texts
):
    marks = [
        (plain(entry.title), printed.get_destination_page_number(entry) + 1)
        for entry in printed.outline
        if not isinstance(entry, list)
    ]
    assert marks[0] == ("Contents", 2)
    pages = entries(built.site)
    assert [title for title, _ in marks[1:]] == [heading for _, heading in pages]
    contents = " ".join(texts[1:3])
    for (title, heading), (_, number) in zip(pages, marks[1:], strict=True):
        assert f"{title} {number}" in contents
        assert heading in texts[number - 1]


def test_pages_are_numbered_and_named_at_the_top(built, texts):
    last, _ = entries(built.site)[-1]
    margins = texts[-1][:100]
    assert last in margins
    assert f" {len(texts)} " in margins


def test_no_page_is_blank(printed, texts):
    blank = [
        number
        for number, (page, text) in enumerate(zip(printed.pages, texts, strict=True), 1)
        if len(text) < 12 and not page.images
    ]
    assert blank == []


def links(reader: Any) -> Iterator[Any]:
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if link["/Subtype"] == "/Link":
                yield link


def test_links_lead_within_the_document_or_to_the_web(printed):
    inside = [str(link["/Dest"]) for link in links(printed) if "/Dest" in link]
    outside = [str(link["/A"]["/URI"]) for link in links(printed) if "/A" in link]
    assert len(inside) > 20
    assert set(inside) <= {*printed.named_destinations}
    assert outside
    assert not [address for address in outside if "127.0.0.1" in address or "://" not in address]


def test_every_font_comes_with_the_file(printed):
    fonts = {}
    for page in printed.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            described = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            if described["/Subtype"] != "/Type3":  # these are drawings, which cannot be missing
                file = {*described["/FontDescriptor"]} & {"/FontFile", "/FontFile2", "/FontFile3"}
                fonts[font.get_object()["/BaseFont"]] = bool(file)
    assert any("KaTeX" in name for name in fonts)
    assert [name for name, is_embedded in fonts.items() if not is_embedded] == []


def test_nothing_sticks_out_of_the_paper(printed):
    beyond = []
    for number, page in enumerate(printed.pages, 1):
        width = float(page.mediabox.width)

        def note(text: str, matrix: Any, text_matrix: Any, *_: Any, n: int = number) -> None:
            x = matrix[0] * text_matrix[4] + matrix[4]
            if text.strip() and not 0 < x < width - 20:  # noqa: B023
                beyond.append((n, text))

        page.extract_text(visitor_text=note)
    assert beyond == []


def test_a_machine_without_a_browser_is_told_what_to_install(built, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(BookError, match="apt install chromium"):
        print_book(built.site, "class", tmp_path / "book.pdf")
