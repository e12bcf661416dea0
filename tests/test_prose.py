"""The book's pages as set text: what a careful printer would not let pass."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder import book

ROOT = Path(__file__).parents[1]
# A sample of a corpus stands in a blockquote, its tokens apart.
SET_AS_WRITTEN = ("code", "pre", "script", "style", "math", "kbd", "blockquote")

# Each with an example that it must find, and one that it must let pass.
FAULTS = {
    "a straight quotation mark": (r"[\"']", 'a "model"', "a “model”, the model’s"),
    "two hyphens for a dash": (r"\w ?--+ ?\w", "read -- write", "Kneser–Ney"),
    "a hyphen for a dash": (
        r"[a-z]{2} - [a-z]{2,}(?![\w(])",
        "read - then write",
        "n - 1, H - len(x)",
    ),
    "three full stops": (r"\.\.\.", "and so on...", "and so on…"),
    "a space before a sign": (r"\w [,;:!?](\s|$)", "a model , then", "a model, then"),
    "no space after a sign": (r"[a-z][,;!?][a-z]{2}", "a model,then", "a model, then (a,b)"),
    "a word twice": (r"\b(?!not not|is is)(\w{2,}) \1\b", "in the the text", "that is, is it?"),
    "two spaces after a full stop": (r"\w\.\u00a0? \u00a0", "One.\u00a0 \u00a0Two", "One. Two"),
    "a Latin comma in Chinese": (
        r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]",
        "语言,模型",
        "语言，模型 or 语言, 模型",
    ),
}

# Formulas, and what an interactive figure has of somebody's text.
QUOTED = {("class", "katex"), ("class", "figure-drawing"), ("class", "figure-reading")}


class Prose(HTMLParser):
    """The paragraphs of a page; a sign stands for each piece of code and each formula."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines = [""]
        self.silent = 0
        self.feed(html.partition("<article>")[2].partition("</article>")[0])

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        if self.silent or name in SET_AS_WRITTEN or QUOTED & {*attributes}:
            self.silent += name not in ("img", "br", "hr", "input")
            self.lines[-1] += "\ufffc" * (self.silent == 1)
        elif name in ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "dt", "dd", "summary", "div"):
            self.lines.append("")

    def handle_endtag(self, name: str) -> None:
        self.silent -= self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += data


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_sound_text_is_let_pass(fault: str) -> None:
    pattern, wrong, right = FAULTS[fault]
    assert re.search(pattern, wrong)
    assert not re.search(pattern, right)


def test_code_and_formulas_are_set_as_written() -> None:
    html = '<article><p>a <code>"x"</code> and <span class="katex"><span>"</span></span> b</p>'
    assert Prose(html + "</article>").lines == ["", "a \ufffc and \ufffc b"]


def test_every_page_is_set_with_care() -> None:
    found = []
    for page in sorted(book.build(ROOT).rglob("index.html")):
        for line in Prose(page.read_text(encoding="utf-8")).lines:
            for fault, (pattern, _, _) in FAULTS.items():
                if match := re.search(pattern, line):
                    context = line[max(match.start() - 40, 0) : match.end() + 20]
                    found.append(f"{page.parent.name}: {fault}: {context}")
    assert found == []
