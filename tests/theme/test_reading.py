"""The built pages in a browser: by pointer and keyboard, on a phone, without scripts."""

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import THEME
from .test_rendering import PAGES

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
        ("(2)", "∏"),
        ("Figure 1", "The loss falls."),
        ("Table 1", "trigram"),
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


def test_a_footnote_shows_a_preview_and_leads_there_and_back(open_page: Open) -> None:
    page = open_page("text", reduced_motion="reduce")
    use = page.locator("sup a.ref").first
    use.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # scrolling closes a preview
    use.hover()
    page.locator(".preview", has_text="Smoothing moves mass").wait_for()
    use.click()
    assert page.url.endswith("#_footnote-1")
    page.get_by_role("link", name="Back to the text").first.click()
    assert page.url.endswith("#_footnote-use-1")


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


ZOOMED = "dialog[open] img"


@pytest.mark.parametrize("means", ["pointer", "keyboard"])
def test_a_figure_opens_in_the_whole_window_and_closes(open_page: Open, means: str) -> None:
    page = open_page("layout")
    picture = page.locator("figure img").first
    small = picture.bounding_box()
    if means == "pointer":
        picture.click()
    else:
        page.get_by_role("button", name="Enlarge").first.focus()
        page.keyboard.press("Enter")
    large = page.locator(ZOOMED).bounding_box()
    assert large["width"] > 1.5 * small["width"]
    assert page.locator(ZOOMED).get_attribute("alt") == picture.get_attribute("alt")
    page.keyboard.press("Escape")
    assert page.locator(ZOOMED).count() == 0
    picture.click()
    page.get_by_role("button", name="Close").click()
    assert page.locator(ZOOMED).count() == 0


def test_figures_follow_dark_colours_and_stay_as_they_are_on_paper(open_page: Open) -> None:
    page = open_page("notebook", color_scheme="dark")
    shown = "getComputedStyle(document.querySelector('.outputs img')).filter"
    assert "invert" in page.evaluate(shown)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(shown) == "none"
    page.emulate_media(media="screen", color_scheme="light")
    assert page.evaluate(shown) == "none"


def test_a_margin_note_stands_beside_the_text_where_there_is_room(open_page: Open) -> None:
    page = open_page("boxes", viewport={"width": 1440, "height": 900})
    text = page.locator("article").bounding_box()
    note = page.locator(".aside")
    assert note.bounding_box()["x"] >= text["x"] + text["width"]
    note.evaluate("(note) => note.scrollIntoView({behavior: 'instant', block: 'center'})")
    page.locator(".outline.covered").wait_for(state="attached")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.locator(".outline:not(.covered)").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    box = note.bounding_box()
    assert 0 <= box["x"] < box["x"] + box["width"] <= 390


def test_the_contents_open_by_a_key_at_the_page_one_is_on(open_page: Open) -> None:
    page = open_page("math")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.pathname") == "/math/"
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    assert page.locator(".contents").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".contents").is_visible()


def test_the_contents_open_the_chapter_that_one_reads_in(open_page: Open) -> None:
    for name, shown in {"math": False, "deep-page": True, "references": True}.items():
        contents = open_page(name).locator(".contents")
        assert contents.locator("a", has_text="A page in a folder").is_visible()
        assert contents.locator("a", has_text="References and terms").is_visible() is shown, name


def test_the_contents_tick_off_what_was_read_to_the_end(open_page: Open) -> None:
    page = open_page("text")
    entry = page.locator(".contents a", has_text="Lists, tables and notes")
    assert "✓" not in entry.inner_text()
    page.locator(".turn").scroll_into_view_if_needed()
    page.locator(".contents .read").wait_for()
    page.goto(page.url.replace("/text/", "/notebook/"))
    assert "✓" in entry.inner_text()
    assert page.locator(".contents .read").count() == 1


def test_the_header_says_which_page_of_which_part_this_is(open_page: Open) -> None:
    page = open_page("exercises")
    assert page.locator(".place").inner_text().split() == ["Executed", "pages", "2", "/", "2"]
    page = open_page("math")
    assert page.locator(".place").count() == 0


def test_a_short_form_is_explained_to_those_who_tap_or_tab(open_page: Open) -> None:
    page = open_page(**PHONE)
    short = page.locator("abbr", has_text="MLE").first
    meaning = "(short) => getComputedStyle(short, '::after').content"
    assert "likelihood" not in short.evaluate(meaning)
    short.tap()
    assert "maximum likelihood estimate" in short.evaluate(meaning)
    short.press("Enter")
    assert "likelihood" not in short.evaluate(meaning)


@pytest.mark.parametrize("slug", ["", "notebook", "layout", "chinese"])
def test_nothing_moves_while_a_page_arrives(open_page: Open, slug: str) -> None:
    page = open_page(slug)
    page.evaluate("""() => {
      window.moved = 0;
      const add = (list) => list.getEntries().forEach((entry) => (moved += entry.value));
      new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});
    }""")
    page.locator(".site-footer").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert page.evaluate("moved") < 0.01


def test_text_is_set_in_the_books_own_serif_at_a_readable_measure(open_page: Open) -> None:
    page = open_page("", viewport={"width": 1440, "height": 900})
    assert page.evaluate("document.fonts.check('1rem \"Book Serif\"')")
    characters = page.evaluate("""() => {
      const paragraph = document.querySelector('article p:not(.subtitle)');
      const line = document.createElement('span');
      line.style.whiteSpace = 'nowrap';
      line.textContent = 'the model reads a text and says how likely each next word is there';
      paragraph.append(line);
      return paragraph.clientWidth / line.offsetWidth * line.textContent.length;
    }""")
    assert 60 <= characters <= 75


def test_the_excerpt_shows_where_the_words_stand_together(open_page: Open) -> None:
    page = open_page()
    page.fill("#_search", "unseen mass")
    excerpt = page.locator(".search-results a").first
    excerpt.wait_for()
    marked = {mark.lower() for mark in excerpt.locator("mark").all_inner_texts()}
    assert marked == {"unseen", "mass"}


def test_paper_has_running_heads_and_page_numbers(open_page: Open) -> None:
    page = open_page("math")
    heads = page.evaluate("""() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .map((rule) => rule.cssText).join('')""")
    assert '@top-left { content: "The fixture book"' in heads
    assert '@top-right { content: "Mathematics"' in heads
    assert "counter(page)" in heads


@pytest.mark.parametrize("slug", ["boxes", "exercises", "code"])
def test_a_walk_by_keyboard_sees_every_stop_and_misses_none(open_page: Open, slug: str) -> None:
    page = open_page(slug, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.keyboard.press("Tab")
    stops = 0
    while page.evaluate("document.activeElement !== document.body") and stops < 200:
        seen = page.evaluate("""() => {
          const element = document.activeElement;
          // A tab's own button is not drawn: its label shows that it has the focus.
          const shown = element.matches('.tabs > input') ? element.nextElementSibling : element;
          const style = getComputedStyle(shown);
          const box = shown.getBoundingClientRect();
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            && box.width > 0 && style.opacity !== '0'
            && box.bottom > 0 && box.top < innerHeight || element.outerHTML.slice(0, 120);
        }""")
        assert seen is True, seen
        stops += 1
        page.keyboard.press("Tab")
    reachable = page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, input:not(:disabled), summary, [tabindex="0"]')]
      .filter((element) => element.checkVisibility() && element.tabIndex >= 0)
      .filter((element) => !element.matches('input[type=radio]:not(:checked)')).length""")
    assert stops >= reachable > 15
