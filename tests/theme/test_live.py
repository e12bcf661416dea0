"""A served book shows the reader's own state and follows its author; a built one does neither."""

import json
import re
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import book, serving
from autograder.project import Project
from autograder.results import ExerciseResult, Outcome
from autograder.sync import render

ROOT = Path(__file__).parents[2]
ID = "ngrams.count_ngrams"
PAGE = f"# Counts\n\nFirst words.\n\n```{{exercise-card}} {ID}\n```\n" + "\nMore.\n" * 80


@pytest.fixture
def course(tmp_path: Path) -> Project:
    """A repository with one chapter, fresh stubs, and a book of two pages."""
    source = tmp_path / "book" / "en"
    (source / "images").mkdir(parents=True)
    theme = ROOT / "book" / "theme"
    (tmp_path / "book" / "theme").symlink_to(theme)
    shutil.copytree(ROOT / "exercises/01-ngrams", tmp_path / "exercises/01-ngrams")
    (tmp_path / "src/langmodels").mkdir(parents=True)
    shutil.copy(ROOT / "src/langmodels/ngrams.py", tmp_path / "src/langmodels")
    settings = (ROOT / "book/en/myst.yml").read_text("utf-8")
    toc = "toc:\n    - file: index.md\n    - file: ngrams.md\n"
    settings = re.sub(r"toc:.*?(?=  plugins:)", toc, settings, flags=re.DOTALL)
    settings = settings.replace("../theme", str(theme))
    settings = settings.replace("../plugin.mjs", str(ROOT / "book/plugin.mjs"))
    (source / "myst.yml").write_text(settings, "utf-8")
    (source / "images/favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (source / "index.md").write_text("# A small book\n\nHello.\n")
    (source / "ngrams.md").write_text(PAGE)
    return Project(tmp_path)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Runs a serving function in a thread, as the command does; gives the address."""
    monkeypatch.setenv("WATCHFILES_POLL_DELAY_MS", "50")
    running = []

    def start(serve: Callable[..., None], *args: Any, **options: Any) -> str:
        bound = threading.Event()
        bind = serving._bind

        def remember(*given: Any) -> Any:
            running.append(bind(*given))
            bound.set()
            return running[-1]

        monkeypatch.setattr(serving, "_bind", remember)
        thread = threading.Thread(target=serve, args=args, kwargs=options | {"port": 8700})
        thread.start()
        threads.append(thread)
        assert bound.wait(60)
        return f"http://127.0.0.1:{running[-1].server_port}"

    threads: list[threading.Thread] = []
    yield start
    for server in running:
        server.shutdown()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[[str], Any]]:
    """Opens an address; `page.said` and `page.asked` record its console and its requests."""
    contexts = []

    def visit(address: str, **options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address, wait_until="load")
        return page

    yield visit
    for context in contexts:
        context.close()


def solve(course: Project) -> None:
    """What a student does: write the function, and check it."""
    solution = (ROOT / "solutions/langmodels/ngrams.py").read_text("utf-8")
    path = course.package / "langmodels/ngrams.py"
    path.write_text(render(solution, "ngrams", keep={ID}), "utf-8")
    course.remember_results([ExerciseResult(ID, 2, 2, Outcome.PASSED, [])])


SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => (sum += e.value)))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 300);
})"""


def test_progress_shows_on_cards_and_in_the_contents_and_follows_each_check(course, start, visit):
    page = visit(start(serving.serve, course, book.build(course.root)) + "/ngrams/")
    badge, count = page.locator(".exercise-card .live-state"), page.locator(".live-count")
    badge.wait_for()
    n_exercises = len(course.catalog.exercises)
    assert badge.inner_text().endswith("· not started")
    assert f"0 of {n_exercises} exercises done" in count.text_content()
    assert page.locator("[role=status]").last.text_content() == ""
    assert page.evaluate(SHIFTS) < 0.01
    solve(course)
    page.locator(".exercise-card .live-done").wait_for()
    assert badge.text_content() == "Your code: ✓ passed"
    assert f"1 of {n_exercises} exercises done" in count.text_content()
    assert page.locator("[role=status]").last.text_content() == f"{ID}: passed"
    assert page.evaluate(SHIFTS) < 0.01
    assert page.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_added_can_be_read_by_everybody(course, start, visit, scheme):
    solve(course)
    address = start(serving.serve, course, book.build(course.root))
    page = visit(f"{address}/ngrams/", color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.locator(".live-done").first.wait_for()
    page.add_script_tag(path=str(ROOT / "book/theme/node_modules/axe-core/axe.min.js"))
    result = page.evaluate("() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa'] })")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in result["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_built_page_holds_and_asks_for_nothing_live(course, visit):
    site = book.build(course.root)
    assert all("_live" not in path.read_text("utf-8") for path in site.rglob("*.html"))
    assert not list(site.rglob("live.*"))
    with serving.make_server(site, 8700) as server:
        threading.Thread(target=server.serve_forever).start()
        page = visit(f"http://127.0.0.1:{server.server_port}/ngrams/")
        page.wait_for_timeout(300)
        server.shutdown()
    assert not [address for address in page.asked if "_live" in address or "events" in address]
    assert page.locator(".live-state").count() == 0
    assert page.said == []


def test_a_book_below_a_path_is_served_below_it(course, start):
    address = start(serving.serve, course, book.build(course.root, base_url="/to"), base_url="/to")
    html = urllib.request.urlopen(f"{address}/to/ngrams/").read().decode()
    assert "First words." in html
    assert "/_live/live.js" in html
    assert b"--paper" in urllib.request.urlopen(f"{address}/to/myst-theme.css").read()


def test_only_the_two_files_of_the_live_part_are_given_out(course, start):
    address = start(serving.serve, course, book.build(course.root))
    assert b"EventSource" in urllib.request.urlopen(f"{address}/_live/live.js").read()
    for name in ("../server.mjs", "..%2fserver.mjs", "render.mjs"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{address}/_live/{name}")


def test_a_saved_page_shows_at_the_same_place_and_a_fault_in_one_sentence(
    course, start, visit, capfd
):
    address = start(serving.serve_live, course)
    page = visit(f"{address}/ngrams/")
    page.get_by_text("First words.").wait_for(timeout=30_000)
    page.evaluate("scrollTo({ top: 700, behavior: 'instant' })")
    source = course.root / "book/en/ngrams.md"

    source.write_text(PAGE.replace("First words.", "Other words."))
    page.get_by_text("Other words.").wait_for()
    assert abs(page.evaluate("scrollY") - 700) < 40
    assert page.locator(".live-faults").is_hidden()

    source.write_text(PAGE + "\n[nowhere](#not-there)\n")
    fault = page.locator(".live-faults p")
    fault.wait_for()
    assert fault.count() == 1
    assert "not-there" in fault.inner_text()
    assert "ngrams.md" in fault.inner_text()

    source.write_text(PAGE)
    page.locator(".live-faults").wait_for(state="hidden")
    said = capfd.readouterr().err
    assert len(re.findall("✗.*not-there", said)) == 1
    assert "Traceback" not in said


def test_a_changed_catalog_changes_its_cards(course, start, visit):
    shutil.rmtree(course.root / "exercises")  # the plugin reads the repository that it lies in
    shutil.copytree(ROOT / "exercises/01-ngrams", course.root / "exercises/01-ngrams")
    for name in ("plugin.mjs", "plugin.py", "ladder.json", "grader.json"):
        shutil.copy(ROOT / "book" / name, course.root / "book" / name)
    settings = course.root / "book/en/myst.yml"
    settings.write_text(settings.read_text("utf-8").replace(str(ROOT / "book"), ".."), "utf-8")
    settings.write_text(settings.read_text("utf-8").replace("../theme", str(ROOT / "book/theme")))
    page = visit(start(serving.serve_live, course) + "/ngrams/")
    page.locator(".exercise-card").wait_for(timeout=30_000)
    catalog = course.root / "exercises/01-ngrams/exercises.toml"
    catalog.write_text(catalog.read_text("utf-8").replace("minutes = 10", "minutes = 16"), "utf-8")
    page.get_by_text("16 minutes").first.wait_for(timeout=30_000)


def test_the_stream_tells_the_state_at_once_and_after_each_change():
    state = serving.State()
    messages = state.messages()
    first = json.loads(next(messages))
    state.update(faults=["one"])
    state.update(faults=["one"])  # nothing new: no message
    state.new_version()
    second = json.loads(next(messages))
    assert (first["faults"], second["faults"]) == ([], ["one"])
    assert second["version"] == first["version"] + 1


def test_a_students_repository_serves_the_pages_that_came_with_it(course, start):
    site = book.build(course.root)
    shutil.move(site, course.root / "pages")
    shutil.rmtree(course.root / "book")
    shutil.move(course.root / "pages", course.root / "book")
    address = start(serving.serve, course, book.build(course.root))
    assert "First words." in urllib.request.urlopen(f"{address}/ngrams/").read().decode()
    events = urllib.request.urlopen(f"{address}/_live/events")
    assert json.loads(events.readline().removeprefix(b"data: "))["exercises"][ID]["done"] is False
    events.close()
