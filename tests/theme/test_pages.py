"""Every page of the course's book in a browser: by day, by night, and on a phone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import book

from .conftest import THEME, served
from .test_reading import CONTRAST, PHONE, WCAG_AA

ROOT = Path(__file__).parents[2]
AXE = THEME / "node_modules" / "axe-core" / "axe.min.js"
OPEN_FOLDS = "document.querySelectorAll('main details').forEach((fold) => (fold.open = true))"
LIMIT_BYTES = 250_000
WATCH_SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (moved += entry.value)))
  .observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture(scope="module")
def course_site() -> Path:
    return book.build(ROOT)


@pytest.fixture(scope="module")
def addresses(course_site: Path) -> Iterator[list[str]]:
    """Where each page of the course's book is served."""
    slugs = sorted(page.parent.relative_to(course_site) for page in course_site.rglob("index.html"))
    with served(course_site) as origin:
        yield [f"{origin}/{slug.as_posix()}/".replace("/./", "/") for slug in slugs]


@pytest.fixture
def each_page(browser: Any, addresses: list[str]) -> Iterator[Callable[..., Iterator[Any]]]:
    """Opens page after page as on a first visit; `said` and `responses` record what each did."""

    def each_page(**options: Any) -> Iterator[Any]:
        for address in addresses:
            context = browser.new_context(**options)
            page = context.new_page()
            page.said, page.responses = [], []
            page.on("console", lambda message, page=page: page.said.append(message.text))
            page.on("pageerror", lambda error, page=page: page.said.append(str(error)))
            page.on("response", lambda response, page=page: page.responses.append(response))
            page.add_init_script(WATCH_SHIFTS)
            page.goto(address, wait_until="load")
            yield page
            context.close()

    return each_page


@pytest.mark.slow  # the whole book, as the next two
@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", WCAG_AA), ("dark", CONTRAST)], ids=["light", "dark"]
)
def test_every_page_is_accessible_and_says_nothing_on_the_console(
    each_page: Callable[..., Iterator[Any]], scheme: str, rules: dict[str, Any]
) -> None:
    faults = []
    for page in each_page(color_scheme=scheme):
        page.add_script_tag(path=str(AXE))
        page.evaluate(OPEN_FOLDS)
        found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", rules)
        faults += [(page.url, v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
        faults += [(page.url, "console", line) for line in page.said]
    assert faults == []


@pytest.mark.slow
def test_every_page_asks_one_host_weighs_little_and_stands_still(
    each_page: Callable[..., Iterator[Any]], addresses: list[str]
) -> None:
    origin = addresses[0]
    faults = []
    for page in each_page(viewport={"width": 1440, "height": 900}):
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        page.wait_for_load_state("networkidle")
        faults += [r.url for r in page.responses if not r.url.startswith((origin, "data:"))]
        weight = sum(
            len(r.body())
            for r in page.responses
            if r.request.resource_type not in ("image", "media", "fetch")  # numbers of a figure
        )
        if weight > LIMIT_BYTES:
            faults.append(f"{page.url} weighs {weight} bytes")
        if (moved := page.evaluate("moved")) > 0.01:
            faults.append(f"{page.url} moved by {moved:.3f}")
    assert faults == []


@pytest.mark.slow
def test_no_page_scrolls_sideways_on_a_phone(each_page: Callable[..., Iterator[Any]]) -> None:
    widths = {}
    for page in each_page(**PHONE):
        page.evaluate(OPEN_FOLDS)
        widths[page.url] = page.evaluate("document.documentElement.scrollWidth")
    assert {url: width for url, width in widths.items() if width != 390} == {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kneser-ney", "/smoothing/"),
        ("causal mask", "/attention-heads/"),
        ("count_ngrams", "/ngrams/"),
        ("perplexty", "/ngrams"),
        ("长颈鹿", "/ngrams"),
    ],
)
def test_search_leads_to_the_page_that_explains_it(
    each_page: Callable[..., Iterator[Any]], query: str, expected: str
) -> None:
    page = next(each_page())
    page.fill("#_search", query)
    page.locator(".search-results a").first.wait_for()
    found = page.locator(".search-results a").evaluate_all(
        "(links) => links.map((a) => a.pathname)"
    )
    assert any(path.startswith(expected) for path in found[:5]), found
