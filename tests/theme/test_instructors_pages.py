"""Pages of similar code and the leaderboard: accessible, and fit for a phone."""

from pathlib import Path
from typing import Any

import pytest

from autograder.leaderboard import Board, Entry
from autograder.reports.html import template, write_page
from autograder.reports.similarity import write_similarity
from autograder.similarity import Work, compare, pieces_of

from .conftest import THEME
from .test_reading import PHONE, WCAG_AA

pytestmark = pytest.mark.xdist_group("theme")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = "".join(f"    v{n} = x.sum({n}) + y.mean() * {n} + {'z' * 90}\n" for n in range(30))
    works = [
        Work(name, list(pieces_of({"ngrams.py": f"def f(x, y):\n{own}{lines}".encode()})))
        for name, own in {"anna": "", "ben": "    while x > 3:\n        x -= 1\n"}.items()
    ]
    found = compare(works, [])
    found.unread = [("broken.zip", "broken.zip cannot be unpacked")]
    folder = write_similarity(found, tmp_path_factory.mktemp("pages")).parent
    entries = [Entry("anna", 2.5), Entry("xz", 2.6, yardstick=True), Entry("ben", None, "timeout")]
    board = Board("standard: landlock", entries, 3, "0123", 1000, 100)
    write_page(folder / "leaderboard.html", template("leaderboard").render(board=board))
    return folder


@pytest.mark.usefixtures("node_environment")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "pair-001", "leaderboard"])
def test_pages_are_accessible(browser: Any, pages: Path, name: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto((pages / f"{name}.html").as_uri())
    page.add_script_tag(path=str(THEME / "node_modules" / "axe-core" / "axe.min.js"))
    result = page.evaluate("(rules) => axe.run({runOnly: rules})", WCAG_AA)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in result["violations"]] == []
    context.close()


def test_sides_stand_beside_each_other_and_below_on_a_phone(browser: Any, pages: Path) -> None:
    for options, beside in (({"viewport": {"width": 1200, "height": 800}}, True), (PHONE, False)):
        context = browser.new_context(**options)
        page = context.new_page()
        page.goto((pages / "pair-001.html").as_uri())
        first, second = (figure.bounding_box() for figure in page.locator("figure").all())
        assert (first["y"] == second["y"]) is beside
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()
