"""The built pages in a browser: by pointer and keyboard, on a phone, without scripts."""

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import THEME
from .test_rendering import PAGES

pytestmark = pytest.mark.xdist_group("theme")

Open = Callable[..., Any]
WCAG_AA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


# Dark pages differ from light ones in nothing but their colours.
@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", WCAG_AA), ("dark", CONTRAST)], ids=["light", "dark"]
)
@pytest.mark.parametrize("slug", PAGES)
def test_pages_are_accessible(
    open_page: Open, slug: str, scheme: str, rules: dict[str, Any]
) -> None:
    page = open_page(slug, color_scheme=scheme)
    page.add_script_tag(path=str(THEME / "node_modules" / "axe-core" / "axe.min.js"))
    # What is folded away has to be readable as well.
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    result = page.evaluate("(rules) => axe.run({runOnly: rules})", rules)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in result["violations"]] == []


@pytest.mark.parametrize("slug", PAGES)
def test_pages_ask_nobody_else_say_nothing_and_weigh_little(
    open_page: Open, address: str, slug: str
) -> None:
    page = open_page(slug)
    assert page.said == []
    assert [
        response.url
        for response in page.requests
        if not response.url.startswith((address, "data:"))
    ] == []
    pictures = ("image", "media")
    own = [
        r
        for r in page.requests
        if r.frame == page.main_frame and r.request.resource_type not in pictures
    ]
    assert sum(len(response.body()) for response in own) <= 250_000


@pytest.mark.parametrize("slug", PAGES)
def test_a_phone_never_scrolls_sideways(open_page: Open, slug: str) -> None:
    page = open_page(slug, **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_phone_has_the_contents_behind_a_button(open_page: Open) -> None:
    page = open_page("math", **PHONE)
    entry = page.locator(".contents a", has_text="Layout")
    assert not entry.is_visible()
    page.get_by_role("button", name="Contents").tap()
    entry.tap()
    page.wait_for_url("**/layout/")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("unnormalised", "References and terms"),
        ("bigrams exercise", "Exercises with solutions"),
        ("count_ngrams", "Exercise cards"),
        ("perplexty", "Definitions"),
        ("困惑度", "分词"),
        ("注意力机制", "分词"),
        ("巴", "分词"),
    ],
)
def test_search_finds_english_and_chinese_words(open_page: Open, query: str, expected: str) -> None:
    page = open_page()
    page.fill("#_search", query)
    page.locator(".search-results a").first.wait_for()
    assert expected in page.locator(".search-results").inner_text()
    assert page.said == []


def test_search_works_by_keyboard_and_says_when_it_finds_nothing(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("softmax")
    page.locator(".search-results mark").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/references/**")
    page.fill("#_search", "zzzzqqqq")
    page.get_by_text("Nothing found.").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator(".search-results").is_visible()


def test_tabs_are_in_sync_and_remembered(open_page: Open) -> None:
    page = open_page("layout")
    page.locator(".tabs label", has_text="NumPy").first.click()
    assert page.get_by_text("Second NumPy panel.").is_visible()
    assert not page.get_by_text("Second PyTorch panel.").is_visible()
    page.reload()
    assert page.get_by_text("Second NumPy panel.").is_visible()
    page.locator(".tabs input:checked").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_text("Second PyTorch panel.").is_visible()


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("Theorem 1", "Every joint distribution factorises."),
        ("the deep target", "This page lives in a folder"),
        ("logit", "An unnormalised score."),
        ("Shannon (1948)", "A Mathematical Theory of Communication"),
    ],
)
@pytest.mark.parametrize("means", ["pointer", "keyboard"])
def test_a_reference_shows_a_preview(open_page: Open, link: str, shown: str, means: str) -> None:
    page = open_page("references")
    reference = page.locator("main a.ref", has_text=link).first
    if means == "pointer":
        reference.hover()
    else:
        page.keyboard.press("Tab")
        reference.focus()
    page.locator(".preview", has_text=shown).wait_for()
    page.keyboard.press("Escape")
    assert not page.locator(".preview").is_visible()


def test_hints_reveal_one_at_a_time(open_page: Open) -> None:
    page = open_page("exercises")
    hints = [page.locator("summary", has_text=f"Hint {number} of 3") for number in (1, 2, 3)]
    assert [hint.is_visible() for hint in hints] == [True, False, False]
    hints[0].click()
    assert page.get_by_text("Slide a window.").is_visible()
    assert [hint.is_visible() for hint in hints] == [True, True, False]
    hints[1].click()
    assert [hint.is_visible() for hint in hints] == [True, True, True]
    assert not page.get_by_text("See Counter.").is_visible()


def test_keys_turn_the_page_unless_turned_off(open_page: Open) -> None:
    page = open_page("math")
    page.keyboard.press("n")
    page.wait_for_url("**/code/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/math/")
    page.fill("#_search", "")
    page.keyboard.type("np")
    assert page.url.endswith("/math/")
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert page.url.endswith("/math/")


@pytest.mark.parametrize(
    ("block", "pasted"),
    [("console", "course check ngrams.count_ngrams"), ("python >> nth=2", "1 + 1")],
)
def test_copy_leaves_prompts_and_results_behind(open_page: Open, block: str, pasted: str) -> None:
    language, _, rest = block.partition(" >> ")
    page = open_page("code", permissions=["clipboard-read", "clipboard-write"])
    code = page.locator(f'.code[data-language="{language}"]').nth(int(rest[-1]) if rest else 0)
    code.hover()
    code.get_by_role("button", name="Copy").click()
    code.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == pasted


def test_the_choice_of_colours_is_remembered(open_page: Open) -> None:
    page = open_page("math", color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Dark colours").click()
    dark = page.evaluate(background)
    assert dark != light
    page.goto(page.url.replace("/math/", "/code/"))
    assert page.evaluate(background) == dark
    assert page.get_by_role("button", name="Dark colours").get_attribute("aria-pressed") == "true"


def test_the_outline_follows_the_reader(open_page: Open) -> None:
    page = open_page("text")
    page.locator("#quotes").evaluate("(heading) => heading.scrollIntoView({behavior: 'instant'})")
    page.locator(".outline [aria-current]", has_text="Quotes").wait_for()


def test_pages_read_without_scripts(open_page: Open) -> None:
    page = open_page("layout", java_script_enabled=False)
    assert page.get_by_text("torch.tensor").is_visible()
    page.locator(".tabs label", has_text="NumPy").first.click()
    assert page.get_by_text("numpy.array").is_visible()
    assert page.locator(".contents a", has_text="Mathematics").is_visible()
    assert not page.locator("#_search").is_visible()


def test_print_holds_the_text_and_not_the_furniture(open_page: Open) -> None:
    page = open_page("layout")
    page.emulate_media(media="print")
    assert page.get_by_text("Second NumPy panel.").is_visible()
    for furniture in (".site-header", ".contents", ".outline", ".turn", ".site-footer"):
        assert not page.locator(furniture).is_visible()


def test_the_keyboard_reaches_the_text_first(open_page: Open) -> None:
    page = open_page("text")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "_main"
