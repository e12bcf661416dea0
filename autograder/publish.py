"""What a published book has besides its pages: a picture for every link to one, and a feed of news.

Both need the book's address (`site_url` in myst.yml); without one the pages do not ask for them and
nothing is made. What is on a picture is read from the page that it stands for.
"""

import contextlib
import hashlib
import logging
import re
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from markdown_it import MarkdownIt

PICTURES = "previews"
FEED = "feed.xml"
SIZE_PX = (1200, 630)  # what Open Graph's readers show without cropping
PAPER, INK, MUTED, ACCENT, ACCENT_WASH = "#ffffff", "#1f2328", "#59636d", "#0b5f7a", "#dcecf0"
STAIRS = (1.0, 0.72, 0.53, 0.4, 0.31, 0.25, 0.21)
CJK_FONTS = ("Noto Serif CJK SC", "Songti SC", "Noto Sans CJK SC", "PingFang SC", "SimSun")
FONT_ADVICE = "Debian and Ubuntu have one in the package fonts-noto-cjk"


def publish(site: Path, changelog: Path) -> list[str]:
    """Draw the pictures that the finished pages name, and write their feed.

    Args:
        site: the folder with the HTML.
        changelog: a Markdown file with a heading of second level for each release.

    Returns:
        What could not be done as well as it might, in sentences for people.
    """
    remarks = []
    heads = [_Head(page.read_text(encoding="utf-8")) for page in site.rglob("index.html")]
    pictures = {head.picture: head for head in heads if head.picture}
    if pictures:
        font = site / "vendor" / "serif.ttf"
        remarks += _draw([(site / path, head) for path, head in sorted(pictures.items())], font)
    start = next((head for head in heads if head.url and head.meta["og:type"] == "website"), None)
    if start:
        feed = feed_of(changelog.read_text(encoding="utf-8"), start.site_name, start.url)
        (site / FEED).write_text(feed, encoding="utf-8")
    return remarks


class _Head(HTMLParser):
    """What a page says of itself to other sites."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.url = ""
        self.feed(html.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note Open Graph's properties and the address."""
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and "property" in values:
            self.meta[values["property"]] = values["content"]
        elif tag == "link" and values.get("rel") == "canonical":
            self.url = values["href"]

    @property
    def site_name(self) -> str:
        return self.meta["og:site_name"]

    @property
    def title(self) -> str:
        return self.meta["og:title"]

    @property
    def section(self) -> str:
        return self.meta.get("article:section", "")

    @property
    def picture(self) -> str:
        """The path below the site of the picture to draw, if the page has none of its own."""
        path = urlsplit(self.meta.get("og:image", "")).path
        _, folder, name = path.rpartition(f"/{PICTURES}/")
        return f"{PICTURES}/{name}" if folder else ""


# --- Pictures ---------------------------------------------------------------------------------


def _draw(pictures: list[tuple[Path, _Head]], font: Path) -> list[str]:
    """The pictures of all pages, in the book's own serif and, for Chinese, in one that is here.

    Where none is, Chinese words are left out: nobody can read the boxes that would stand for them.
    """
    import matplotlib as mpl  # takes most of a second, and most builds draw nothing
    from matplotlib.font_manager import fontManager

    # The nearest weight of each font will do, and nobody needs to hear of it.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    chinese = cjk_fonts()
    fontManager.addfont(font)
    families = [fontManager.ttflist[-1].name, *chinese, "DejaVu Serif"]
    wordless = 0
    with mpl.rc_context({"font.family": families}):
        for path, head in pictures:
            path.parent.mkdir(exist_ok=True)
            words = head.section, head.title, head.site_name
            wanting = not chinese and any(map(_is_cjk, words))
            _draw_one(path, *("" if wanting and _is_cjk(text) else text for text in words))
            wordless += wanting
    if not wordless:
        return []
    return [f"no font for Chinese: words are left out of {wordless} link pictures ({FONT_ADVICE})"]


def cjk_fonts() -> list[str]:
    """The names of fonts of this machine that hold Chinese, the best first."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    # It remembers what it once found, and a font may have been installed since.
    known = {font.fname for font in fontManager.ttflist}
    for path in findSystemFonts():
        if path not in known:
            with contextlib.suppress(OSError, RuntimeError):  # a file that is no font
                fontManager.addfont(path)
    names = fontManager.get_font_names()
    return [name for name in CJK_FONTS if name in names]


def _is_cjk(text: str) -> bool:
    return any(ord(character) > 0x2E80 for character in text)


def _draw_one(path: Path, section: str, title: str, site_name: str) -> None:
    """The page's title beside the stairs that the book climbs down."""
    from matplotlib.figure import Figure

    width, height = SIZE_PX
    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    axes.bar(7, height, width=14, color=ACCENT)
    steps = [700 + 70 * number for number in range(len(STAIRS))]
    axes.bar(steps, [260 * step for step in STAIRS], width=58, color=ACCENT_WASH)
    lines = textwrap.wrap(title, 13 if _is_cjk(title) else 26)[:3]
    axes.text(84, 550, section, size=22, color=ACCENT, va="top")
    axes.text(80, 480, "\n".join(lines), size=52, color=INK, va="top", linespacing=1.0)
    if title != site_name:
        axes.text(84, 70, site_name, size=22, color=MUTED)
    figure.savefig(path, pil_kwargs={"optimize": True})


# --- The feed ---------------------------------------------------------------------------------


def feed_of(changelog: str, title: str, url: str) -> str:
    """The releases that a changelog tells of, as RSS 2.0.

    A release is a heading of second level, such as `## 0.2.0 – 2026-12-01`; `## Unreleased` is told
    without a date. An entry that is written anew is new to the reader as well.
    """
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    for name, text in [("title", title), ("link", url), ("description", f"What is new in {title}")]:
        ElementTree.SubElement(channel, name).text = text
    to_html = MarkdownIt().render
    for release in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, news = release.partition("\n")
        item = ElementTree.SubElement(channel, "item")
        ElementTree.SubElement(item, "title").text = heading.strip()
        ElementTree.SubElement(item, "link").text = url
        digest = hashlib.sha256(release.encode()).hexdigest()[:16]
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = f"{url}#{digest}"
        if date := re.search(r"\d{4}-\d\d-\d\d", heading):
            day = datetime.fromisoformat(date[0]).replace(tzinfo=UTC)
            ElementTree.SubElement(item, "pubDate").text = format_datetime(day)
        ElementTree.SubElement(item, "description").text = to_html(news.strip())
    ElementTree.indent(rss)
    return ElementTree.tostring(rss, encoding="unicode", xml_declaration=True) + "\n"
