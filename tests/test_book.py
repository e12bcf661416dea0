"""The book: cards drawn from the catalog, a strict build, and a check that finds what is broken."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import psutil
import pytest

from autograder import book, serving
from autograder.catalog import Catalog, load_catalog
from autograder.library import load_mistakes
from autograder.progress import hidden_checks
from autograder.proofs import Feedback, Mutants, Proof, Published, Record, Share
from autograder.reports.words import LIKELY
from autograder.results import WORDS
from autograder.sync import regions

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "book" / "plugin.py"

CHAPTER = """
[chapter]
number = 1
part = "I"
title = "Counting"
page = "counting"

[[exercise]]
id = "ngrams.count_ngrams"
title = "Count n-grams"
points = 2
minutes = 10
difficulty = 1
hints = ["How many windows of `n` tokens?", "Shift it by $0 \\\\dots n-1$ and **zip**.", '''
for each window:
    count it

drop <s>
''']

[[exercise]]
id = "ngrams.CountMinSketch"
title = "Count in little memory"
points = 1
minutes = 90
difficulty = 4
stretch = true
needs = ["ngrams.count_ngrams"]
hints = ["What is never too small?"]
"""


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    spec = importlib.util.spec_from_file_location("book_plugin", PLUGIN)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("exercises")
    (folder / "01-counting").mkdir()
    (folder / "01-counting" / "exercises.toml").write_text(CHAPTER, encoding="utf-8")
    return load_catalog(folder)


def nodes_in(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of a syntax tree, from the top."""
    for node in tree if isinstance(tree, list) else [tree]:
        yield node
        yield from nodes_in(node.get("children", []))


def text_of(tree: Any) -> str:
    return "".join(node.get("value", "") for node in nodes_in(tree))


def with_class(tree: Any, name: str) -> dict[str, Any]:
    return next(node for node in nodes_in(tree) if name in node.get("class", "").split())


# --- Cards ------------------------------------------------------------------------------------


def test_a_card_says_what_the_catalog_says(plugin, catalog, tmp_path):
    (card,) = plugin.exercise_card("ngrams.count_ngrams", catalog, tmp_path)
    assert card["label"] == card["identifier"] == "ngrams.count_ngrams"
    assert text_of(card["children"][0]) == "Count n-grams"
    meta = text_of(with_class(card, "exercise-meta"))
    assert meta == "ngrams.count_ngrams 2 points 10 minutes difficulty 1 of 5"
    command = with_class(card, "exercise-command")
    assert command["type"] == "code"
    assert command["value"] == "course check ngrams.count_ngrams"


def test_the_identifier_of_a_class_is_lower_case_as_the_engine_wants_it(plugin, catalog, tmp_path):
    (card,) = plugin.exercise_card("ngrams.CountMinSketch", catalog, tmp_path)
    assert card["label"] == "ngrams.CountMinSketch"
    assert card["identifier"] == "ngrams.countminsketch"


def test_a_stretch_card_gives_one_bonus_point(plugin, catalog, tmp_path):
    (card,) = plugin.exercise_card("ngrams.CountMinSketch", catalog, tmp_path)
    assert "exercise-stretch" in card["class"].split()
    assert text_of(with_class(card, "exercise-points")) == "1 bonus point"


def test_each_hint_is_folded_into_the_one_before(plugin, catalog, tmp_path):
    (card,) = plugin.exercise_card("ngrams.count_ngrams", catalog, tmp_path)
    step = with_class(card, "hint-ladder")
    for label in ("A question", "A hint", "Pseudocode"):
        (step,) = [child for child in step["children"] if child["type"] == "details"]
        assert text_of(step["children"][0]) == label
    assert not [child for child in step["children"] if child["type"] == "details"]


def test_hints_keep_their_code_formulas_and_indentation(plugin, catalog, tmp_path):
    (card,) = plugin.exercise_card("ngrams.count_ngrams", catalog, tmp_path)
    ladder = with_class(card, "hint-ladder")
    shown = {(node["type"], node.get("value") or text_of(node)) for node in nodes_in(ladder)}
    assert ("inlineCode", "n") in shown
    assert ("inlineMath", "0 \\dots n-1") in shown
    assert ("strong", "zip") in shown
    assert ("code", "for each window:\n    count it\n\ndrop <s>") in shown


def test_a_need_is_linked_only_where_its_card_is_in_the_book(plugin, catalog, tmp_path):
    def needs() -> dict[str, Any]:
        (card,) = plugin.exercise_card("ngrams.CountMinSketch", catalog, tmp_path)
        return with_class(card, "exercise-needs")

    assert text_of(needs()) == "Builds on Count n-grams."
    assert "crossReference" not in {node["type"] for node in nodes_in(needs())}
    (tmp_path / "a.md").write_text("```{exercise-card} ngrams.count_ngrams_fast\n```\n")
    assert "crossReference" not in {node["type"] for node in nodes_in(needs())}
    (tmp_path / "b.ipynb").write_text('["```{exercise-card} ngrams.count_ngrams\\n```"]')
    (link,) = [node for node in nodes_in(needs()) if node["type"] == "crossReference"]
    assert link["identifier"] == "ngrams.count_ngrams"


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("owner/name", "https://github.com/owner/name/blob/main/src/langmodels/ngrams.py"),
        ('"https://git.example/o/n"', "https://git.example/o/n/blob/main/src/langmodels/ngrams.py"),
    ],
)
def test_the_stub_is_linked_where_the_repository_is_known(
    plugin, catalog, tmp_path, setting, address
):
    (tmp_path / "myst.yml").write_text(f"project:\n  github: {setting}\n")
    (card,) = plugin.exercise_card("ngrams.count_ngrams", catalog, tmp_path)
    (link,) = [node for node in nodes_in(card) if node["type"] == "link"]
    assert link["url"] == address


def test_the_stub_is_a_path_where_no_repository_is_named(plugin, catalog, tmp_path):
    (tmp_path / "myst.yml").write_text("project:\n  # github: owner/name\n")
    (card,) = plugin.exercise_card("ngrams.count_ngrams", catalog, tmp_path)
    source = with_class(card, "exercise-source")
    assert text_of(source) == "Write count_ngrams in src/langmodels/ngrams.py"
    assert "link" not in {node["type"] for node in nodes_in(source)}


def test_a_list_is_the_table_of_a_chapter(plugin, catalog, tmp_path):
    table, total = plugin.exercise_list("counting", catalog, tmp_path)
    rows = [[text_of(cell) for cell in row["children"]] for row in table["children"]]
    assert rows == [
        ["Exercise", "Points", "Minutes", "Difficulty"],
        ["Count n-grams", "2", "10", "1 of 5"],
        ["Count in little memory", "1 bonus", "90", "4 of 5"],
    ]
    assert text_of(total) == "Together 2 points and 1 bonus points, about 1.5 hours."


def test_a_wrong_id_suggests_the_nearest(plugin, catalog, tmp_path):
    with pytest.raises(plugin.PluginError, match=r"count_ngram'; did you mean ngrams.count_ngrams"):
        plugin.exercise_card("ngrams.count_ngram", catalog, tmp_path)


def test_a_chapter_is_no_exercise(plugin, catalog, tmp_path):
    with pytest.raises(plugin.PluginError, match=r"write \{exercise-list\} counting"):
        plugin.exercise_card("counting", catalog, tmp_path)


def test_a_wrong_page_names_the_right_ones(plugin, catalog, tmp_path):
    with pytest.raises(plugin.PluginError, match=r"the page 'couting'; there is counting"):
        plugin.exercise_list("couting", catalog, tmp_path)


# --- Editions ---------------------------------------------------------------------------------


def solution_lines(exercise) -> list[str]:
    """What stands between the markers of the exercise, line by line."""
    path = ROOT / "solutions" / "langmodels" / f"{exercise.module}.py"
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    return [
        line.strip()
        for begin, end, symbol, _ in regions(source)
        if symbol == exercise.symbol.partition(".")[0]
        for line in lines[begin : end - 1]
        if line.strip()
    ]


def test_only_the_self_study_edition_holds_the_solutions(plugin, tmp_path):
    catalog = load_catalog(ROOT / "exercises")
    for exercise in catalog.exercises.values():
        lines = solution_lines(exercise)
        assert lines
        card = plugin.exercise_card(exercise.id, catalog, tmp_path)
        assert not [line for line in lines if len(line) > 24 and line in text_of(card)]
        _, solution = plugin.exercise_card(exercise.id, catalog, tmp_path, "self-study")
        shown = text_of(solution)
        assert [line for line in lines if line not in shown] == []
        assert "SOLUTION" not in shown
        (code,) = [node for node in nodes_in(solution) if node["type"] == "code"]
        assert re.match(r"(def|class|@)", code["value"])
        compile(code["value"], exercise.id, "exec")


def test_a_reference_without_a_marked_solution_is_a_mistake(plugin, catalog, tmp_path):
    (tmp_path / "langmodels").mkdir()
    module = tmp_path / "langmodels" / "ngrams.py"
    exercise = catalog.exercises["ngrams.count_ngrams"]
    module.write_text("def count_ngrams():\n    return 1\n")
    with pytest.raises(plugin.PluginError, match="marks no solution in count_ngrams"):
        plugin.reference_solution(exercise, tmp_path)
    module.write_text("x = 1\n")
    with pytest.raises(plugin.PluginError, match=r"no count_ngrams in ngrams.py"):
        plugin.reference_solution(exercise, tmp_path)


def test_a_method_is_found_in_its_class_and_shown_from_the_margin(plugin, catalog, tmp_path):
    (tmp_path / "langmodels").mkdir()
    (tmp_path / "langmodels" / "ngrams.py").write_text(
        "class A:\n    @property\n    def b(self):\n"
        "        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION\n"
    )
    exercise = catalog.exercises["ngrams.count_ngrams"]
    method = type(exercise)("ngrams.A.b", "B", 1, 1, 1, [])
    shown = plugin.reference_solution(method, tmp_path)
    assert shown == "@property\ndef b(self):\n    return 1"


# --- How good the grader is -------------------------------------------------------------------


def proof(id: str, **other: Any) -> Proof:
    share = Share(7, 7)
    feedback = Feedback(Share(6, 7), [20, 30, 40])
    figures = {"mistakes": share, "nulls": share, "alternatives": share, "repeats": Share(12, 12)}
    figures |= {"mutants": Mutants(1199, 1200, equivalent=5), "feedback": feedback, "seconds": 1.0}
    made = {"command": "course verify", "date": "2026-01-31", "versions": "torch 2"}
    return Proof(id, visible_tests=3, hidden_tests=4, problems=[], **made | figures | other)


@pytest.fixture
def record() -> Record:
    first, second = proof("ngrams.count_ngrams"), proof("ngrams.CountMinSketch")
    second.mistakes, second.command = Share(8, 9), "course verify --seeds 2"
    return Record([first, second], [Published("Another course", Share(3, 4))])


def rows_of(table: dict[str, Any]) -> list[list[str]]:
    return [[text_of(cell) for cell in row["children"]] for row in table["children"]]


def test_the_grader_page_shows_totals_chapters_and_exercises(plugin, catalog, record, tmp_path):
    totals, chapter, sources = plugin.grader_quality(record, catalog, tmp_path)
    assert ["Mistakes caught", "15 of 16", "all"] in rows_of(totals)
    assert ["Mutants caught", "2,398 of 2,400", "98\u00a0%"] in rows_of(totals)
    assert ["Runs with other seeds that fail", "0 of 24", "none"] in rows_of(totals)
    assert text_of(chapter["children"][0]) == "Counting: 2 exercises"
    header, first, second, together = rows_of(chapter["children"][1])
    assert header[:3] == ["Exercise", "Mistakes", "Mutants"]
    assert first[:3] == ["Count n-grams", "7", "1,199 of 1,200"]
    assert second[:3] == ["Count in little memory", "8 of 9", "1,199 of 1,200"]
    assert together[:3] == ["Together", "15 of 16", "2,398 of 2,400"]
    assert [row[-2] for row in (first, second, together)] == ["3 + 4", "3 + 4", "6 + 8"]
    assert [row[-1] for row in (first, second)] == ["1", "2"]
    assert [text_of(source) for source in sources["children"]] == [
        "course verify, 2026-01-31, torch 2",
        "course verify --seeds 2, 2026-01-31, torch 2",
    ]


def test_tests_that_students_write_have_neither_mutants_nor_names(plugin, catalog, tmp_path):
    bare = proof("ngrams.CountMinSketch", mutants=None, feedback=None)
    record = Record([proof("ngrams.count_ngrams"), bare], [])
    header, _, row, together = rows_of(
        plugin.grader_quality(record, catalog, tmp_path)[1]["children"][1]
    )
    assert [row[header.index(name)] for name in ("Mutants", "Named", "Words")] == ["–"] * 3
    assert together[header.index("Mutants")] == "1,199 of 1,200"


def test_a_share_is_all_only_where_it_is(plugin, record):
    assert plugin.grader_figures(record)["share"] == "99.9\u00a0%"
    record.exercises = [proof("ngrams.count_ngrams", mutants=Mutants(19_999, 20_000))]
    assert plugin.grader_figures(record)["share"] == "99.9\u00a0%"
    record.exercises = [proof("ngrams.count_ngrams", mutants=Mutants(20_000, 20_000))]
    assert plugin.grader_figures(record)["share"] == "100\u00a0%"


def test_other_courses_stand_beside_this_one(plugin, record):
    (table,) = plugin.grader_published(record)
    assert rows_of(table)[1:] == [
        ["Another course", "3 of 4", "75\u00a0%"],
        ["This course", "2,398 of 2,400", "99.9\u00a0%"],
    ]


def test_the_grader_page_types_no_figure_of_its_own():
    prose = page("grader.md").partition("## The figures")[2].partition("## Prove it yourself")[0]
    assert not re.findall(r"\d+", prose)
    assert len(re.findall(r"\{grader-[a-z]+\}", prose)) > 8


def test_the_grader_page_quotes_a_mistake_and_a_property_as_they_are(project):
    exercise = project.catalog.exercises["attention.attention_weights"]
    quoted = " ".join(page("grader.md").split("```text")[1].split("```")[0].split())
    found = [f"{m.title} {m.why}" for m in load_mistakes(project.root, exercise)]
    assert [cause for cause in found if quoted.endswith(f"This {LIKELY} a known mistake: {cause}")]
    properties = [text for text, _ in hidden_checks(project, exercise)]
    assert [text for text in properties if quoted.startswith(f"✗ wrong: {text} This")]


# --- The program that the engine runs -----------------------------------------------------------


def call_plugin(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [PLUGIN, *arguments],
        cwd=ROOT / "book" / "en",
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )


def test_without_arguments_it_draws_all_that_the_book_may_ask_for():
    drawn = json.loads(call_plugin().stdout)
    catalog = load_catalog(ROOT / "exercises")
    assert {*drawn["exercise-card"]} == {*catalog.exercises}
    assert {*drawn["exercise-list"]} == {chapter.page for chapter in catalog.chapters}
    for id, (card, *_) in drawn["exercise-card"].items():
        assert (card["type"], card["label"]) == ("exercise", id)


def test_a_directive_answers_with_nodes():
    (card,) = json.loads(call_plugin("exercise-card", "ngrams.count_ngrams").stdout)
    assert card["type"] == "exercise"


def test_a_wrong_id_ends_it_with_one_sentence():
    answer = call_plugin("exercise-card", "count_ngram")
    assert answer.returncode == 1
    assert answer.stderr.strip().endswith("did you mean ngrams.count_ngrams?")


def test_a_role_answers_with_the_figure():
    (node,) = json.loads(call_plugin("grader-figure", "bar").stdout)
    assert node == {"type": "text", "value": "98\u00a0%"}


def test_an_unknown_figure_names_the_known_ones():
    answer = call_plugin("grader-figure", "mistake")
    assert answer.returncode == 1
    assert answer.stderr.startswith("grader-figure: there is no 'mistake'; there is exercises, ")


# --- The ladder -------------------------------------------------------------------------------


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A book in which three models were measured, on two pages."""
    rungs = [("gates", "GRU", 1.5), ("gates", "LSTM", 2.0), ("counting", "bigram", 4.0)]
    (tmp_path / "ladder.json").write_text(
        json.dumps(
            {"floor": 1.0, "rungs": [{"page": p, "name": n, "bits": b} for p, n, b in rungs]}
        )
    )
    source = tmp_path / "en"
    source.mkdir()
    (source / "counting.ipynb").touch()
    (source / "gates.md").touch()
    (source / "myst.yml").write_text("toc:\n  - file: counting.ipynb\n  - file: gates.md\n")
    return source


def test_the_ladder_shows_each_rung_its_bits_and_how_far_above_the_floor(plugin, measured):
    (table,) = plugin.ladder("", measured)
    rows = [[text_of(cell) for cell in row["children"]] for row in table["children"]]
    assert rows[1:] == [
        ["bigram", "4.00", "", "300%"],
        ["LSTM", "2.00", "", "100%"],
        ["GRU", "1.50", "", "50%"],
        ["the floor", "1.00", "", ""],
    ]
    bars = [node["style"] for node in nodes_in(table) if node.get("class") == "ladder-bar"]
    assert [float(bar["--bits"]) for bar in bars] == [1, 0.5, 0.375, 0.25]
    assert {float(bar["--floor"]) for bar in bars} == {0.25}
    links = [node["url"] for node in nodes_in(table) if node["type"] == "link"]
    assert links == ["./counting.ipynb", "./gates.md", "./gates.md", "./counting.ipynb"]


def test_the_ladder_of_a_page_ends_where_the_reader_is_and_links_to_the_others(plugin, measured):
    (table,) = plugin.ladder("counting", measured)
    assert "LSTM" not in text_of(table)
    assert [node for node in nodes_in(table) if node["type"] == "link"] == []
    (table,) = plugin.ladder("gates", measured)
    assert {node["url"] for node in nodes_in(table) if node["type"] == "link"} == {
        "./counting.ipynb"
    }
    with pytest.raises(plugin.PluginError, match="the page 'gate'; there is gates, counting"):
        plugin.ladder("gate", measured)


# --- How a page opens ---------------------------------------------------------------------------


@pytest.fixture
def chapters(tmp_path: Path) -> tuple[Catalog, Path]:
    """Two chapters of two pages and one; the second builds on the first and states its goals."""
    second = CHAPTER.replace("number = 1", "number = 2").replace('"counting"', '"gates"')
    second = second.replace('page = "gates"', 'page = "gates"\ngoals = ["Build `one`."]')
    second = second.replace("ngrams.", "gates.").replace('needs = ["gates.', 'needs = ["ngrams.')
    for name, text in (("01-counting", CHAPTER), ("02-gates", second)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "exercises.toml").write_text(text, encoding="utf-8")
    book = tmp_path / "book"
    book.mkdir()
    (book / "myst.yml").write_text(
        "project:\n  toc:\n    - file: index.md\n    - title: Part I\n      children:\n"
        "        - file: counting.md\n          title: 1 Counting\n          children:\n"
        "            - file: more.md\n        - file: gates.md\n"
        "    - file: glossary.md\n"
    )
    for name, words in (("counting", 2200), ("more", 1100), ("gates", 550)):
        code = "```python\n" + "word " * 5000 + "\n```\n"
        (book / f"{name}.md").write_text(f"---\ntitle: A b c\n---\n{code}" + "word " * words)
    return load_catalog(tmp_path), book


def test_a_chapter_has_its_first_page_and_those_below_it(plugin, chapters):
    catalog, book = chapters
    pages = [plugin.chapter_pages(chapter, book) for chapter in catalog.chapters]
    assert pages == [["counting", "more"], ["gates"]]


def test_the_contents_number_and_name_the_chapters_as_the_catalog_does(project):
    settings = (project.root / "book" / "en" / "myst.yml").read_text(encoding="utf-8")
    shown = dict(re.findall(r"- file: (\S+)\.\w+\n +title: \"?([^\"\n]+)", settings))
    chapters = project.catalog.chapters
    assert shown == {chapter.page: f"{chapter.number} {chapter.title}" for chapter in chapters}


def test_a_chapter_opens_with_what_it_takes_and_brings(plugin, chapters):
    openings = plugin.openings(*chapters)
    assert text_of(with_class(openings["counting"], "chapter-place")) == "Part I · Chapter 1"
    facts = text_of(with_class(openings["counting"], "chapter-facts"))
    assert facts == (
        "30 minutes to read · 2 exercises, about 1.5 hours · 2 points and 1 bonus points"
    )
    facts = text_of(with_class(openings["gates"], "chapter-facts"))
    assert facts.startswith("5 minutes to read")
    assert facts.endswith("builds on Chapter 1, Counting")
    assert text_of(with_class(openings["gates"], "chapter-goals")) == "Build one."


def test_the_next_pages_of_a_chapter_open_with_their_place_in_it(plugin, chapters):
    (opening,) = plugin.openings(*chapters)["more"]
    assert text_of(opening) == "Chapter 1, Counting · page 2 of 2 · 10 minutes to read"
    (link,) = [node for node in nodes_in(opening) if node["type"] == "link"]
    assert link["url"] == "./counting.md"


def test_a_plan_leads_to_the_chapters_that_are_there(plugin, chapters):
    catalog, book = chapters
    drawn = plugin.chapter_roles(catalog, book)
    assert {*drawn} == {str(chapter.number) for chapter in catalog.chapters}
    link, time = drawn["1"]
    assert (text_of(link), link["url"]) == ("1 Counting", "./counting.md")
    assert text_of(time) == " (1.5 hours)"


# --- Checking the pages -----------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two pages without a fault: a start page and /ngrams/."""
    (tmp_path / "ngrams").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "a.png").touch()
    (tmp_path / "index.html").write_text(
        '<a href="/ngrams/#counts">1</a><a href="ngrams">2</a><a href="#top" id="top">3</a>'
        '<img src="/build/a.png" alt=""><a href="https://example.org/x">4</a><code>:::</code>'
    )
    (tmp_path / "ngrams" / "index.html").write_text('<h2 id="counts">5</h2><a href="../">6</a>')
    return tmp_path


TOC = ["index.md", "ngrams.ipynb"]


def test_a_whole_site_has_no_fault(site):
    assert book.check_html(site, TOC) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="/nowhere/">x</a>', "the link /nowhere/ leads nowhere"),
        ('<a href="../nowhere">x</a>', "the link ../nowhere leads nowhere"),
        ('<a href="#gone">x</a>', "the link #gone asks for an anchor that is not there"),
        ('<a href="/#gone">x</a>', "the link /#gone asks for an anchor that is not there"),
        ('<img src="/build/b.png">', "the picture /build/b.png leads nowhere"),
        ('<script src="/theme.js"></script>', "the file /theme.js leads nowhere"),
        ('<link rel="stylesheet" href="/a.css">', "the file /a.css leads nowhere"),
        (
            '<img src="https://example.org/b.png">',
            "the picture https://example.org/b.png would come from another server",
        ),
        ("<p>:::{note}</p>", "Markdown that was not understood: :::{note}"),
        ("<p>see {ref}`x`</p>", "Markdown that was not understood: see {ref}`x`"),
        (
            '<span class="katex-error" title="no \\foo">x</span>',
            "a formula that cannot be read: no \\foo",
        ),
    ],
)
def test_a_fault_is_found_and_named(site, html, fault):
    with (site / "ngrams" / "index.html").open("a") as page:
        page.write(html)
    assert book.check_html(site, TOC) == [f"ngrams/index.html: {fault}"]


def test_a_page_that_was_not_built_is_missed(site):
    problems = book.check_html(site, [*TOC, "how_it_works.md"])
    assert problems == ["how-it-works/index.html: the page is in the toc but was not built"]


def test_a_page_that_nobody_asked_for_is_found(site):
    assert book.check_html(site, TOC[:1]) == ["ngrams/index.html: nobody asked for this page"]


def test_links_of_a_book_below_a_path_stay_below_it(site):
    (site / "index.html").write_text('<a href="/course/ngrams/#counts">1</a>')
    assert book.check_html(site, TOC, "/course") == []
    (site / "index.html").write_text('<a href="/ngrams/">1</a>')
    assert book.check_html(site, TOC, "/course") == [
        "index.html: the link /ngrams/ leads out of /course"
    ]


# --- Building ---------------------------------------------------------------------------------


CARD = "# Counts\n\n```{{exercise-card}} {id}\n```\n"


@pytest.fixture
def small_book(tmp_path: Path) -> Path:
    """A repository with a book of two pages, our plugin and our theme."""
    source = tmp_path / "book" / "en"
    source.mkdir(parents=True)
    theme = ROOT / "book" / "theme"
    (tmp_path / "book" / "theme").symlink_to(theme)
    settings = (ROOT / "book" / "en" / "myst.yml").read_text(encoding="utf-8")
    settings = re.sub(
        r"toc:.*?(?=  plugins:)",
        "toc:\n    - file: index.md\n    - file: counts.md\n",
        settings,
        flags=re.DOTALL,
    )
    # The engine takes no link for a theme.
    settings = settings.replace("../theme", str(theme)).replace(
        "../plugin.mjs", str(PLUGIN.with_suffix(".mjs"))
    )
    (source / "myst.yml").write_text(settings, encoding="utf-8")
    (source / "images").mkdir()
    (source / "images" / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (source / "index.md").write_text(
        "# A small book\n\nSee [](#ngrams.count_ngrams) and [](./counts.md).\n\n"
        "```{exercise-list} ngrams\n```\n"
    )
    (source / "counts.md").write_text(CARD.format(id="ngrams.count_ngrams"))
    return tmp_path


def left_behind(base_url: str) -> list[psutil.Process]:
    """Processes that were started for the book at this address and are still there."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("BASE_URL") == base_url:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_small_book_is_built_checked_and_not_built_again(small_book, monkeypatch):
    base_url = f"/course-{os.getpid()}"
    site = book.build(small_book, base_url=base_url)
    assert site == small_book / "book" / "en" / "_build" / "html"
    page = (site / "counts" / "index.html").read_text(encoding="utf-8")
    assert 'id="ngrams-count-ngrams"' in page
    assert "course check ngrams.count_ngrams" in page
    assert f'href="{base_url}/counts/#ngrams-count-ngrams"' in (site / "index.html").read_text()
    everything = "".join(
        path.read_text(encoding="utf-8") for path in site.rglob("*.html") if path.is_file()
    )
    lines = solution_lines(load_catalog(ROOT / "exercises").exercises["ngrams.count_ngrams"])
    assert not [line for line in lines if len(line) > 24 and line in everything]
    assert left_behind(base_url) == []

    def refuse(*_: object) -> None:
        raise AssertionError("nothing has changed: the engine should rest")

    monkeypatch.setattr(book, "_run", refuse)
    assert book.build(small_book, base_url=base_url) == site
    (small_book / "book" / "en" / "counts.md").write_text("# Other\n")
    with pytest.raises(AssertionError, match="the engine should rest"):
        book.build(small_book, base_url=base_url)


def test_a_book_whose_toc_names_them_gets_the_api_pages_and_links_to_them(small_book):
    source = small_book / "book" / "en"
    (small_book / "src").symlink_to(ROOT / "src")
    (small_book / "exercises").symlink_to(ROOT / "exercises")
    settings = (source / "myst.yml").read_text(encoding="utf-8")
    pages = "    - file: counts.md\n    - file: api/api.md\n    - pattern: api/api-*.md\n"
    (source / "myst.yml").write_text(settings.replace("    - file: counts.md\n", pages))
    # The descriptions lead to every card.
    cards = [CARD.format(id=id) for id in load_catalog(ROOT / "exercises").exercises]
    (source / "counts.md").write_text(
        "".join(cards)
        + "\n`count_ngrams`, again `count_ngrams()`, a `prune`, `ngrams.prune`.\n"
        + "\n## No link: `check_inputs`\n\n[`map_unknown`](./index.md) has one.\n"
    )
    site = book.build(small_book)
    page = (site / "counts" / "index.html").read_text(encoding="utf-8")
    (prose,) = [text for text in re.findall(r"<p>.*?</p>", page) if ", again " in text]
    links = re.findall(r'href="([^"]+)"><code>([^<]+)', prose)
    assert links == [
        ("/api-ngrams/#api-ngrams-count-ngrams", "count_ngrams"),
        ("/api-ngrams/#api-ngrams-prune", "ngrams.prune"),
    ]
    assert "api-attention-check-inputs" not in page
    assert "api-ngrams-map-unknown" not in page
    described = (site / "api-attention" / "index.html").read_text(encoding="utf-8")
    assert 'href="/counts/#attention-causal-mask"' in described
    assert "Bool[B|1 × 1 × T × S]" in re.sub(r"<[^>]+>", "", described)
    records = json.loads((site / "search.json").read_text(encoding="utf-8"))
    kinds = {(record.get("kind"), record["url"]) for record in records}
    assert {
        ("Exercise", "/counts#ngrams-count-ngrams"),
        ("Function", "/api-ngrams#api-ngrams-count-ngrams"),
        ("Class", "/api-inference#api-inference-kvcache"),
        ("Method", "/api-inference#api-inference-kvcache-update"),
    } <= kinds


def test_the_self_study_edition_replaces_the_class_edition(small_book):
    book.build(small_book)
    site = book.build(small_book, "self-study")
    page = (site / "counts" / "index.html").read_text(encoding="utf-8")
    assert "exercise-solution" in page
    site = book.build(small_book)
    assert "exercise-solution" not in (site / "counts" / "index.html").read_text(encoding="utf-8")


def test_a_wrong_id_stops_the_build_and_says_where_and_what_to_write(small_book):
    base_url = f"/wrong-{os.getpid()}"
    page = small_book / "book" / "en" / "counts.md"
    page.write_text(CARD.format(id="ngrams.count_ngram"))
    with pytest.raises(book.BookError) as error:
        book.build(small_book, base_url=base_url)
    first = str(error.value).splitlines()[1]
    assert first.strip().startswith("counts.md: exercise-card:")
    assert first.endswith("did you mean ngrams.count_ngrams?")
    time.sleep(0.2)
    assert left_behind(base_url) == []


def test_a_dead_reference_stops_the_build(small_book):
    (small_book / "book" / "en" / "counts.md").write_text("# Counts\n\nSee [](#nothing-there).\n")
    with pytest.raises(book.BookError, match="nothing-there"):
        book.build(small_book)


def test_a_class_of_faults_that_the_engine_lets_pass_is_found_in_the_html(small_book):
    with (small_book / "book" / "en" / "counts.md").open("a") as page:
        page.write('\n<a href="/no-such-page/">x</a>\n')
    with pytest.raises(book.BookError, match=r"has 1 fault:\n.*no-such-page/ leads nowhere"):
        book.build(small_book)


def test_the_engines_errors_are_drawn_together():
    said = [
        "⛔️ a.md Error reading file: Error: exercise-card: no such thing",
        "⛔️ a.md Expected mdast to be processed",
        '⛔️ b.md:3 No target for internal reference "#x" was found.',
        '⛔️ No target for internal reference "#x" was found.',
        "⚠️  b.md:3 Link text is empty",
    ]
    assert book.engine_lines(said, "⛔") == [
        "a.md: exercise-card: no such thing",
        'b.md:3 No target for internal reference "#x" was found.',
    ]
    assert book.engine_lines(said, "⚠") == ["b.md:3 Link text is empty"]


def test_hints_are_set_with_printed_quotes_and_code_is_not(plugin):
    typed = """Whose "turn" is it? The row's: `s["a"] - 1`, (or 'b') after n - 1. """
    printed = """Whose “turn” is it? The row’s: `s["a"] - 1`, (or ‘b’) after n − 1. """
    assert plugin._typeset(typed) == printed


def test_a_copied_plugin_becomes_executable_again(tmp_path):
    (tmp_path / "plugin.py").touch(0o644)
    book._make_executable(tmp_path / "plugin.py")
    assert os.access(tmp_path / "plugin.py", os.X_OK)


def test_an_unknown_edition_names_the_two(tmp_path):
    with pytest.raises(book.BookError, match="'teacher'; choose class or self-study"):
        book.build(tmp_path, "teacher")


def test_a_folder_without_a_book_is_named(tmp_path):
    with pytest.raises(book.BookError, match=r"myst.yml is missing"):
        book.build(tmp_path)


def test_a_missing_theme_is_named(small_book):
    (small_book / "book" / "theme").unlink()
    with pytest.raises(book.BookError, match=r"package-lock.json is missing"):
        book.build(small_book)


def test_missing_node_names_the_command_that_brings_it(tmp_path, monkeypatch):
    monkeypatch.setattr(book.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(book.BookError, match=r"pip install 'ngrams-to-mamba\[book\]'"):
        book.environment(tmp_path, "class", "")


def test_packages_are_fetched_once_and_again_when_the_list_changes(tmp_path):
    (tmp_path / "package-lock.json").touch()
    assert book.needs_install(tmp_path)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / ".package-lock.json").touch()
    (tmp_path / "public" / "vendor").mkdir(parents=True)
    assert not book.needs_install(tmp_path)
    later = time.time() + 10
    os.utime(tmp_path / "package-lock.json", (later, later))
    assert book.needs_install(tmp_path)


def test_npm_without_a_network_is_explained(tmp_path, monkeypatch):
    said = ["npm error code ENOTFOUND", "npm error network request failed"]
    monkeypatch.setattr(book, "_run", lambda *_: (1, said))
    with pytest.raises(book.BookError, match=r"npm could not fetch(.|\n)*ENOTFOUND"):
        book.install_theme(tmp_path, {})


def test_ctrl_c_leaves_no_process_behind(tmp_path, monkeypatch):
    """A grandchild that outlives its parent belongs to the group as well."""
    note = tmp_path / "pid"
    wait = subprocess.Popen.wait
    waits = []

    def interrupted(process, timeout=None):
        waits.append(process)
        if len(waits) == 1:
            while not (note.exists() and note.read_text().strip()):
                time.sleep(0.01)
            raise KeyboardInterrupt
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        book._run(["sh", "-c", f"sleep 60 & echo $! > {note}; wait"], tmp_path, dict(os.environ))
    pid = int(note.read_text())
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


# --- Serving ----------------------------------------------------------------------------------


def test_a_taken_port_gives_the_next_and_wrong_addresses_the_books_page(site, capfd):
    (site / "404.html").write_text("Not in this book")
    with (
        serving.make_server(site, 8765) as first,
        serving.make_server(site, first.server_port) as second,
    ):
        assert second.server_port > first.server_port
        thread = Thread(target=second.serve_forever)
        thread.start()
        answers = []
        for address in ("/ngrams/", "/nowhere/"):
            connection = HTTPConnection("127.0.0.1", second.server_port, timeout=5)
            connection.request("GET", address)
            answer = connection.getresponse()
            answers.append((answer.status, answer.read().decode()))
            connection.close()
        second.shutdown()
        thread.join()
    assert answers[0][0] == 200
    assert answers[1] == (404, "Not in this book")
    assert capfd.readouterr().err == ""


def test_a_folder_without_pages_cannot_be_served(tmp_path):
    with pytest.raises(book.BookError, match="build it first"):
        serving.make_server(tmp_path, 8765)


# --- The pages themselves -----------------------------------------------------------------------


def page(name: str) -> str:
    return (ROOT / "book" / "en" / name).read_text(encoding="utf-8")


def test_the_page_on_the_course_explains_every_outcome():
    explained = page("how-it-works.md")
    assert [words for sign, words in WORDS.values() if f"| {sign} {words} |" not in explained] == []


def test_the_glossary_explains_each_term_once():
    terms = re.findall(r"^(\S.*)\n: ", page("glossary.md"), re.MULTILINE)
    assert len(terms) > 40
    assert sorted(set(terms)) == sorted(terms)
    halves = page("glossary.md").split("## This course")
    for half in halves:
        ordered = [term.lower() for term in re.findall(r"^(\S.*)\n: ", half, re.MULTILINE)]
        assert ordered == sorted(ordered)


def test_every_work_has_author_title_and_year():
    entries = re.findall(r"^@\w+\{(\w+),(.*?)^\}", page("references.bib"), re.MULTILINE | re.DOTALL)
    assert len({key for key, _ in entries}) == len(entries) == page("references.bib").count("\n@")
    for key, body in entries:
        assert {"author", "title", "year"} <= {*re.findall(r"^\s+(\w+)\s*=", body, re.MULTILINE)}, (
            key
        )
