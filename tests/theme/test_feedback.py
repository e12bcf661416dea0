"""Feedback pages with pictures of wrong answers: light, dark, on a phone, on paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import reports
from autograder.catalog import Catalog, load_catalog
from autograder.results import (
    Mismatch,
    Outcome,
    Report,
    TestResult,
    score_exercise,
    score_submission,
)
from autograder.testing import MismatchError, expect

from .conftest import THEME
from .test_reading import PHONE, WCAG_AA

EXERCISES = Path(__file__).parents[2] / "exercises"


def failed(expected: np.ndarray, got: np.ndarray) -> TestResult:
    with pytest.raises(MismatchError) as raised:
        expect(got, expected)
    error = raised.value
    seen = Mismatch("f(x)", error.expected, error.got, error.where, error.picture)
    return TestResult("test", Outcome.WRONG, "wrong", property="P.", mismatch=seen, visible=True)


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with every shade: a small mask, and numbers of all sizes in eight columns."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(2, 20, 20)) * 10.0 ** rng.integers(-6, 6, (2, 20, 20))
    other = numbers + rng.normal(size=numbers.shape) * (rng.random(numbers.shape) < 0.3)
    other[1, 3, 4:7] = np.nan, np.inf, -np.inf
    mask = np.tril(np.ones((4, 4), bool))
    flat = np.linspace(-1, 1, 8)
    tests = [failed(mask, ~mask), failed(numbers, other), failed(flat, -flat)]
    exercise = score_exercise("a.b", 1, False, tests)
    exercise.example = tests[1]
    submission = score_submission("anna", [exercise])
    report = Report("standard: landlock", 1, [submission])
    path: Path = reports.write_feedback(
        submission, Catalog([]), report, tmp_path_factory.mktemp("pages")
    )
    return path.as_uri()


@pytest.fixture
def opened(browser: Any, feedback: str) -> Any:
    """Opens the page in a fresh context."""
    contexts = []

    def opened(**options: Any) -> Any:
        contexts.append(browser.new_context(**options, bypass_csp=True))  # which bars axe too
        page = contexts[-1].new_page()
        page.goto(feedback)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.usefixtures("node_environment")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_accessible(opened: Callable[..., Any], scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.add_script_tag(path=str(THEME / "node_modules" / "axe-core" / "axe.min.js"))
    result = page.evaluate("(rules) => axe.run({runOnly: rules})", WCAG_AA)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in result["violations"]] == []
    unsure = [node["html"] for fault in result["incomplete"] for node in fault["nodes"]]
    assert [html for html in unsure if "aria-hidden" not in html] == []


def test_a_wide_picture_scrolls_in_its_own_box_on_a_phone(opened: Callable[..., Any]) -> None:
    page = opened(**PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    boxes = page.evaluate(
        "[...document.querySelectorAll('.maps')].map((box) => box.scrollWidth - box.clientWidth)"
    )
    assert len(boxes) == 4
    assert min(boxes) == 0 < max(boxes)


def test_small_pictures_stand_side_by_side(opened: Callable[..., Any]) -> None:
    tables = opened().locator(".maps").first.locator("table")
    tops = [table.bounding_box()["y"] for table in tables.all()]
    assert len(tops) == 3 and len(set(tops)) == 1


def test_shades_are_printed(opened: Callable[..., Any]) -> None:
    page = opened()
    page.emulate_media(media="print")
    colour = "(cell) => getComputedStyle(cell).backgroundColor"
    colours = {page.locator(f".{side}4").first.evaluate(colour) for side in ("above", "below")}
    assert len(colours | {"rgba(0, 0, 0, 0)"}) == 3


def test_titles_are_not_broken_into_letters_on_a_phone(browser: Any, tmp_path: Path) -> None:
    ids = ["ngrams.count_ngrams", "ngrams.cross_entropy"]
    ends = [TestResult("test", Outcome.ERROR, "it raised KeyError", property="P.")]
    results = [score_exercise(id, 1, False, ends) for id in ids]
    results[1].integration = Outcome.ERROR
    submission = score_submission("anna", results)
    report = Report("standard: landlock", 1, [submission])
    page = browser.new_page(**PHONE)
    page.goto(
        reports.write_feedback(submission, load_catalog(EXERCISES), report, tmp_path).as_uri()
    )
    assert page.locator("tbody td a").first.bounding_box()["height"] < 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
