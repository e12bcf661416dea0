"""What a book with an address has besides its pages."""

import re
import struct
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder import publish
from autograder.publish import SIZE_PX, feed_of

from .conftest import Build
from .test_rendering import PAGES

CHANGELOG = """\
# Changelog

## Unreleased

- Soon.

## 0.2.0 – 2026-12-01

### For readers

- A *second* chapter with `code` & more.
"""


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_names_a_picture_with_its_title_that_is_there(built: Build, slug: str) -> None:
    address = re.search(r'<meta property="og:image" content="([^"]*)"', built.page(slug))
    assert address
    assert address[1].startswith("https://example.org/")
    picture = built.site / address[1].removeprefix("https://example.org/")
    data = picture.read_bytes()
    assert struct.unpack(">II", data[16:24]) == SIZE_PX
    assert 5_000 < len(data) < 60_000


def test_two_pages_have_two_pictures(built: Build) -> None:
    pictures = [path.read_bytes() for path in (built.site / "previews").iterdir()]
    assert len(set(pictures)) == len(pictures) == len(PAGES)


def test_without_a_font_for_chinese_its_words_are_left_out_and_that_is_said(
    built: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = tmp_path / "vendor" / "serif.ttf"
    font.parent.mkdir()
    font.write_bytes((built.site / "vendor" / "serif.ttf").read_bytes())
    head = """<meta property="og:title" content="{title}"/><meta property="og:site_name"
        content="{title}"/><meta property="og:image" content="https://x.org/previews/{name}.png"/>"""
    for name, title in (("latin", "From N-grams to Mamba"), ("chinese", "语言模型")):
        page = tmp_path / name / "index.html"
        page.parent.mkdir()
        page.write_text(head.format(title=title, name=name), encoding="utf-8")
    monkeypatch.setattr(publish, "CJK_FONTS", ("No Such Font",))
    [remark] = publish.publish(tmp_path, tmp_path / "none.md")  # and no warning of matplotlib's
    assert "left out of 1 link pictures" in remark
    assert "fonts-noto-cjk" in remark
    sizes = [(tmp_path / "previews" / f"{n}.png").stat().st_size for n in ("latin", "chinese")]
    assert sizes[1] < sizes[0]


def test_a_page_with_a_picture_of_its_own_keeps_it(build_book: Callable[..., Build]) -> None:
    def add_thumbnail(book: Path) -> None:
        (book / "images" / "own.png").write_bytes((book / "favicon.ico").read_bytes())
        text = (book / "math.md").read_text(encoding="utf-8")
        text = text.replace("title: Mathematics", "title: Mathematics\nthumbnail: images/own.png")
        (book / "math.md").write_text(text, encoding="utf-8")

    build = build_book(add_thumbnail)
    assert build.code == 0, build.log
    assert re.search(
        r'og:image" content="https://example.org/build/own-\w+.png"', build.page("math")
    )
    assert not (build.site / "previews" / "math.png").exists()


def test_a_book_without_an_address_offers_neither(build_book: Callable[..., Build]) -> None:
    def forget_address(book: Path) -> None:
        config = (book / "myst.yml").read_text(encoding="utf-8")
        (book / "myst.yml").write_text(re.sub(r"\n *site_url:.*", "", config), encoding="utf-8")

    build = build_book(forget_address)
    assert build.code == 0, build.log
    html = build.page("math")
    for what in ("og:image", "og:url", "canonical", "rss"):
        assert what not in html
    assert not (build.site / "previews").exists()
    assert not (build.site / "feed.xml").exists()


def test_the_feed_tells_of_every_release_in_order() -> None:
    channel = ElementTree.fromstring(feed_of(CHANGELOG, "The book", "https://example.org/"))[0]
    assert channel.findtext("title") == "The book"
    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == ["Unreleased", "0.2.0 – 2026-12-01"]
    assert items[0].find("pubDate") is None
    assert parsedate_to_datetime(items[1].findtext("pubDate")).date().isoformat() == "2026-12-01"
    assert "<em>second</em> chapter with <code>code</code> &amp; more" in items[1].findtext(
        "description"
    )


def test_an_entry_that_is_written_anew_is_new() -> None:
    def ids(changelog: str) -> list[str | None]:
        feed = ElementTree.fromstring(feed_of(changelog, "The book", "https://example.org/"))
        return [guid.text for guid in feed.iter("guid")]

    before, after = ids(CHANGELOG), ids(CHANGELOG.replace("Soon", "Very soon"))
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_the_pages_lead_to_the_feed(built: Build) -> None:
    assert '<link rel="alternate" type="application/rss+xml"' in built.page("math")
    feed = ElementTree.fromstring((built.site / "feed.xml").read_text(encoding="utf-8"))
    assert feed.findtext("channel/link") == "https://example.org/"
