"""One gradebook for package and notebooks: every point arrives, and none is lost or made up.

A small course of two exercises and a notebook of three answers. The gradebook is nbgrader's own,
on SQLite, and on PostgreSQL where a server can be started.
"""

import contextlib
import csv
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from autograder import isolation
from autograder.box import BoxError
from autograder.cli import app, main
from autograder.errors import CourseError
from autograder.export import CANVAS
from autograder.gradebook import notebook as notebooks
from autograder.gradebook import package
from autograder.gradebook.course import BUSY, Course, Graded, read_times, strangers, student_id
from autograder.gradebook.settings import GradebookError, Late, initialise, read
from autograder.gradebook.tables import fill_in, to_csv
from autograder.project import Project
from autograder.results import Outcome, Report, TestResult, score_exercise, score_submission
from autograder.samples import write_samples
from autograder.sync import write_text

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the box needs Linux"),
    pytest.mark.xdist_group("nbgrader"),
    # nbgrader and what it is built on.
    pytest.mark.filterwarnings("ignore"),
]

SUITE = Path(__file__).with_name("suite")
CATALOG = """\
[chapter]
number = 1
part = "I"
title = "Small"
page = "ngrams"
"""
EXERCISE = """
[[exercise]]
id = "ngrams.{0}"
title = "{0}"
points = 2
minutes = 1
difficulty = 1
hints = ["", "", ""]
stretch = {1}
"""
SEED = 7
RIGHT, MISTAKEN, UNTOUCHED = 'Ann "Q" O\'Neil', "王小明 🦒", "untouched [1] {x}"
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)


# --- A course, and what is handed in --------------------------------------------------------------


def cell(id: str, source: str, kind: str, points: int = 0):
    """A cell of an nbgrader source: given, answer, test or essay."""
    new = new_markdown_cell if kind == "essay" else new_code_cell
    made = new(source, id=id)
    flags = {"grade": kind in ("test", "essay"), "solution": kind in ("answer", "essay")}
    made.metadata.nbgrader = flags | {
        "schema_version": 3,
        "grade_id": id,
        "locked": kind in ("given", "test"),
        "task": False,
    }
    if points:
        made.metadata.nbgrader["points"] = points
    return made


def answer(text: str) -> str:
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


SOURCE = new_notebook(
    cells=[
        cell("setup", "from langmodels import ngrams", "given"),
        cell("double", answer("def double(x):\n    return 2 * x"), "answer"),
        cell("test-double", "assert double(4) == 8, 'twice 4 is 8'", "test", 2),
        cell("counts", answer("counts = ngrams.count_ngrams([['a']], 1)"), "answer"),
        cell("test-counts", "assert counts[('a',)] == 1, 'count a'", "test", 3),
        cell("why", answer("Because.\n\n*Marks*: for a reason."), "essay", 4),
    ],
    metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
)
AUTOMATIC, MANUAL, PACKAGE = 5, 4, 2


def handed_in(changes: dict[str, str] | None = None, added: dict[str, str] | None = None):
    """The source's answers with some changed, and code cells added at the front."""
    made = nbformat.from_dict(json.loads(json.dumps(SOURCE)))
    for one in made.cells:
        one.source = (changes or {}).get(one.id, one.source)
    made.cells[:0] = [new_code_cell(text, id=id) for id, text in (added or {}).items()]
    return made


STERN = "import sys\ndef double(x):\n    print('loading', file=sys.stderr)\n    return 2 * x"
SCORE = "def double(x):\n    get_ipython().displayhook({})\n    return 2 * x"
DEATH = "import os\ndef double(x):\n    os._exit(0)"
FORGERY = """
import ast
class Remove(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Remove())
"""
PAGE = """
from IPython.display import HTML, Javascript, display
display(HTML("<script>alert('from HTML')</script>"), Javascript("alert('from script')"))
print("<script>alert('from print')</script>")
raise ValueError("<script>alert('from an error')</script>")
"""
ESSAY = """<script>alert('essay')</script> $a<b$ [x](javascript:alert(1))
<img src=x onerror=alert(2)> [y] [z](java&#115;cript:alert(6))
![x](y" onerror="alert(3)) $\\href{javascript:alert(4)}{x}$ <javascript:alert(5)>

[y]: javascript:alert(7)"""
SNOOP = """
import socket
for action in (lambda: open("{path}").read(), lambda: socket.socket()):
    try:
        print("GOT", action())
    except Exception as error:
        print("refused")
"""
PAGE_OF_THE_BOOK = nbformat.writes(new_notebook(cells=[new_code_cell("1 / 0")])).encode()
# Student → the notebook, and the points that its tests must earn in the end.
NOTEBOOKS = {
    RIGHT: (handed_in(), 5),
    MISTAKEN: (handed_in({"double": "def double(x):\n    return x + 2"}), 3),
    "writes to stderr": (handed_in({"double": STERN}), 5),
    "a last value of -1": (handed_in({"double": SCORE.format("-1") + " + 1"}), 3),
    "a last value of nan": (handed_in({"double": SCORE.format("float('nan')") + " + 1"}), 3),
    "a last value of 999": (handed_in({"double": SCORE.format(999)}), 5),
    "a last value of text": (handed_in({"double": SCORE.format("'x'") + " + 1"}), 3),
    "ends the process": (handed_in({"double": DEATH}), 3),
    "loops": (handed_in({"double": "def double(x):\n    return [0] * 10**12"}), 3),
    "removes assertions": (handed_in({"double": "double = str"}, {"f": FORGERY}), None),
    "another test": (handed_in({"double": "double = str", "test-double": "pass"}), 3),
    "shows pages": (handed_in({"why": ESSAY}, {"p": PAGE}), 5),
    "odd text": (handed_in({"double": "'\ud800\\0'\ndef double(x):\n    return 2 * x"}), 5),
}


def without_tests(made):
    """As if the student had removed every test and doubled every answer."""
    kept = [c for c in made.cells if not c.id.startswith("test-")]
    made.cells = [c for c in kept for _ in range(2)]
    return made


def write_submission(folder: Path, package: Path | None, content: str | bytes | None) -> None:
    folder.mkdir(parents=True)
    if package:
        shutil.copytree(package, folder / "langmodels")
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    if content is not None:
        # Where a student's repository has it, beside a page of the book of the same name.
        for place, text in (("exercises/01-ngrams", content), ("chapters", PAGE_OF_THE_BOOK)):
            (folder / place).mkdir(parents=True)
            (folder / place / "ngrams.ipynb").write_bytes(text)


@pytest.fixture(scope="module")
def small(project, tmp_path_factory) -> Project:
    """A repository of the course with two exercises and one notebook."""
    root = tmp_path_factory.mktemp("small") / "course"
    for name in ("src", "solutions"):
        shutil.copytree(project.root / name, root / name)
    shutil.copytree(SUITE, root / "autograder" / "hidden")
    exercises = [EXERCISE.format("count_ngrams", "false")]
    exercises.append(EXERCISE.format("MaximumLikelihood", "true"))
    chapter = root / "exercises" / "01-ngrams"
    write_text(chapter / "exercises.toml", CATALOG + "".join(exercises))
    write_text(chapter / "ngrams.ipynb", nbformat.writes(SOURCE))
    write_samples(project.root, root / "samples")
    return Project(root)


@pytest.fixture(scope="module")
def submissions(small) -> Path:
    folder = small.root / "submissions"
    good, half = (
        small.root / "samples" / name / "langmodels" for name in ("complete", "half-done")
    )
    snoop = handed_in(
        added={"s": SNOOP.format(path=small.root / "exercises/01-ngrams/ngrams.ipynb")}
    )
    for name, (made, _) in NOTEBOOKS.items():
        package = half if name == MISTAKEN else good
        write_submission(folder / name, package, json.dumps(made, ensure_ascii=True))
    write_submission(folder / "snoops", good, json.dumps(snoop))
    write_submission(folder / "removed the tests", good, json.dumps(without_tests(handed_in())))
    write_submission(folder / "no notebook", good, None)
    write_submission(folder / "broken notebook", good, b'{"cells": [')
    write_submission(folder / "deep notebook", good, b"[" * 100_000)
    write_submission(folder / "another notebook", good, PAGE_OF_THE_BOOK)
    write_submission(folder / "no package", None, json.dumps(handed_in()))
    shutil.make_archive(str(folder / MISTAKEN), "zip", folder / MISTAKEN)
    shutil.rmtree(folder / MISTAKEN)
    return folder


def make(small: Project, folder: Path, db: str = "") -> Course:
    initialise(small, folder)
    course = Course(small, folder, db)
    course.generate([])
    return course


def paths_in(folder: Path, *names: str) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not names or path.stem in names)


@cache
def proven() -> str:
    return str(isolation.prove())


def grade(course: Course, *students: str, **options) -> Graded:
    return course.grade("ngrams", proven(), SEED, 2, students, **options)


@pytest.fixture(scope="module")
def book(small, submissions, tmp_path_factory) -> tuple[Course, Graded]:
    """A gradebook in which all of them have been graded; read it, and change only copies."""
    course = make(small, tmp_path_factory.mktemp("gradebook") / "book")
    untouched = course.folder / "release" / "ngrams" / "ngrams.ipynb"
    write_submission(submissions / UNTOUCHED, small.package / "langmodels", untouched.read_bytes())
    course.collect("ngrams", paths_in(submissions), {})
    return course, grade(course)


@pytest.fixture
def copied(book, small, tmp_path) -> Course:
    """A gradebook of one's own, with everything graded."""
    shutil.copytree(book[0].folder, tmp_path / "book")
    return Course(small, tmp_path / "book")


def table(course: Course) -> dict[str, dict[str, float]]:
    """Student → the points of the notebook, of the package, and the whole line."""
    return {row.student: row.parts | {"row": row} for row in course.rows(["ngrams"])}


def autograded(course: Course, student: str, name: str = "ngrams"):
    path = course.folder / "autograded" / student_id(student) / "ngrams" / f"{name}.ipynb"
    return nbformat.read(path, as_version=4)


def cells_of(notebook) -> dict[str, list]:
    return {c.id: c.get("outputs", []) for c in notebook.cells}


# --- Package and notebooks in one gradebook -------------------------------------------------------


def test_package_and_notebook_are_in_one_line_of_the_gradebook(book):
    """A stretch exercise earns points on top, an essay waits, and odd names are as they were."""
    course, _ = book
    lines = table(course)
    found = {name: (lines[name]["package"], lines[name]["ngrams"]) for name in lines}
    assert found[RIGHT] == (PACKAGE + 2, AUTOMATIC)
    assert found[MISTAKEN][1] == 3
    assert 0 <= found[MISTAKEN][0] < PACKAGE + 2
    assert found[UNTOUCHED] == (0, 0)
    rows = {name: lines[name]["row"] for name in (RIGHT, MISTAKEN, UNTOUCHED)}
    assert {row.max_score for row in rows.values()} == {PACKAGE + AUTOMATIC + MANUAL}
    assert [row.waiting for row in rows.values()] == [1, 1, 0]


def test_points_of_the_package_are_those_of_course_grade(book):
    """The instructor's results.json beside the gradebook says the same."""
    course, graded = book
    lines = table(course)
    for result in graded.report.submissions:
        [student] = [name for name in lines if student_id(name) == result.name]
        assert lines[student]["package"] == result.score, student
    stored = json.loads((course.folder / "results/ngrams/results.json").read_text("utf-8"))
    assert len(stored["submissions"]) == len(lines)


@pytest.mark.parametrize("student", [name for name, (_, points) in NOTEBOOKS.items() if points])
def test_what_nbgrader_would_misread_neither_costs_nor_earns_a_point(book, student):
    assert table(book[0])[student]["ngrams"] == NOTEBOOKS[student][1]


def test_a_test_cell_holds_nothing_that_nbgrader_takes_for_a_score(book):
    for student in NOTEBOOKS:
        for one in autograded(book[0], student).cells:
            if one.id.startswith("test-"):
                kinds = {(o.output_type, o.get("name")) for o in one.outputs}
                assert kinds <= {("stream", "stdout"), ("error", None)}, student


def test_tests_that_cannot_fail_are_left_to_a_person(book):
    """The student's code changed how tests end: no points, none lost, and the instructor knows."""
    course, graded = book
    row = table(course)["removes assertions"]["row"]
    assert row.waiting == 3  # both tests and the essay
    assert row.parts["ngrams"] == 0
    assert any("removes assertions" in text and "fail" in text for text in graded.problems)
    assert not any(RIGHT in text for text in graded.problems)


def test_removed_tests_are_back_and_doubled_answers_do_no_harm(book):
    assert table(book[0])["removed the tests"]["ngrams"] == AUTOMATIC


@pytest.mark.parametrize(
    "student", ["no notebook", "broken notebook", "deep notebook", "another notebook"]
)
def test_a_notebook_that_cannot_be_read_costs_only_itself(book, student):
    """It counts as untouched, the package counts, and student and instructor are told."""
    course, graded = book
    row = table(course)[student]["row"]
    assert row.parts == {"ngrams": 0, "package": PACKAGE + 2}
    assert row.waiting == 0
    assert any(student in text and "ngrams.ipynb" in text for text in graded.problems)
    assert "ngrams.ipynb" in autograded(course, student).cells[0].source


def test_without_a_package_there_is_a_report_all_the_same(book):
    course, graded = book
    assert table(course)["no package"]["package"] == 0
    assert any("no package" in text and "langmodels/" in text for text in graded.problems)


def test_a_notebook_runs_in_the_box(book):
    shown = cells_of(autograded(book[0], "snoops"))["added-0"]
    assert "".join(o.text for o in shown) == "refused\nrefused\n"


def test_nothing_of_a_notebook_runs_in_the_graders_browser(book):
    """Neither what a cell shows nor a written answer; a formula keeps its meaning."""
    course, _ = book
    made = autograded(course, "shows pages")
    kinds = {kind for c in made.cells for o in c.get("outputs", []) for kind in o.get("data", ())}
    assert kinds <= {"text/plain", "image/png"}
    essay = next(c.source for c in made.cells if c.id == "why")
    assert "<script" not in essay
    assert "alert('essay')" in essay
    [page] = course.feedback("ngrams", ["shows pages"])
    text = (page / "ngrams.html").read_text("utf-8")
    assert "from print" in text
    assert "from an error" in text
    body = text[text.index("</style>") :]
    own = [tag for tag in re.findall(r"<[^>]*>", body) if "alert" in tag or "script:" in tag]
    assert own == []
    assert "\\href" not in body


def test_feedback_shows_points_and_reasons_and_nothing_hidden(book, small):
    course, _ = book
    [page] = course.feedback("ngrams", [MISTAKEN])
    text = (page / "package.html").read_text("utf-8") + (page / "ngrams.html").read_text("utf-8")
    assert "twice 4 is 8" in text
    assert "0 of 2 points" in text
    hidden = [p.read_text("utf-8") for p in small.hidden.folder.rglob("*.py")]
    lines = {line.strip() for source in hidden for line in source.splitlines()}
    told = {line for line in lines if len(line) > 24 and not line.startswith('"""')}
    assert told
    assert not [line for line in told if line in text]
    assert str(small.root) not in text


def test_the_graders_own_failure_costs_no_point_and_is_run_again(copied, monkeypatch):
    def fails(*_):
        raise BoxError("no process for student code could be started")

    with monkeypatch.context() as broken:
        broken.setattr(notebooks, "execute", fails)
        done = grade(copied, RIGHT, again=True)
    assert any("no process for student code" in text for text in done.problems)
    row = table(copied)[RIGHT]["row"]
    assert (row.waiting, row.parts["package"]) == (3, PACKAGE + 2)
    assert grade(copied, RIGHT).ran == 1
    row = table(copied)[RIGHT]["row"]
    assert (row.waiting, row.parts["ngrams"]) == (1, AUTOMATIC)


@pytest.mark.parametrize(
    ("score", "outcome", "waits", "stored"),
    [
        (2.0, Outcome.PASSED, False, "2.0"),
        (7.0, Outcome.PASSED, False, "2.0"),
        (-1.0, Outcome.WRONG, False, "0.0"),
        (float("nan"), Outcome.WRONG, False, "0.0"),
        (0.5, Outcome.NO_GPU, True, "0.5"),
        (0.5, Outcome.GRADER_FAULT, True, "0.5"),
    ],
)
def test_a_score_is_in_range_and_open_points_wait(small, score, outcome, waits, stored):
    """nbgrader gives full marks for what is no number from 0 to the maximum, or fails."""
    chapter = small.catalog.chapters[0]
    made = package.generate(chapter)
    tests = [TestResult("test_x", outcome, "")]
    results = [score_exercise(e.id, e.points, e.stretch, tests) for e in chapter.exercises]
    results[0].score = score
    package.fill(made, Report("standard: tried", 1, []), score_submission("x", results))
    id = package.cell_id(chapter.exercises[0])
    [shown, value] = cells_of(made)[id]
    assert value.data["text/plain"] == stored
    assert shown.name == "stdout"
    assert (id in made.metadata.course["held"]) == waits


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [RIGHT, MISTAKEN, UNTOUCHED, "../etc", ".", " x ", "50% <b>", "a" * 300, "é" * 300, "\ud800"],
)
def test_every_name_is_one_folder_and_no_pattern(name, tmp_path):
    id = student_id(name)
    (tmp_path / id).mkdir()
    assert [p.name for p in tmp_path.glob(id)] == [id]
    assert (tmp_path / id).parent == tmp_path
    assert id == id.strip()
    assert not set(id) & set('/*?[]{}<>&"')


def test_two_names_are_two_ids():
    names = [RIGHT, "a b", "a%20b", "a" * 300, "a" * 301, "é" * 300, "é" * 301, ".x", "%2Ex"]
    assert len({student_id(name) for name in names}) == len(names)


def test_submissions_of_one_name_are_left_out_and_said(copied, submissions, tmp_path):
    """Nobody is graded for another's work."""
    again = tmp_path / "more" / RIGHT
    write_submission(again, None, json.dumps(handed_in()))
    [found] = copied.collect("ngrams", [submissions / RIGHT, again], {})
    assert not found.taken
    assert "2 submissions" in found.notes[0]


# --- Again, later, by hand ------------------------------------------------------------------------


def give(course: Course, student: str, points: float) -> None:
    """What formgrader does when a person enters points for the essay."""
    with sqlite3.connect(course.folder / "gradebook.db") as db:
        changed = db.execute(
            "update grade set manual_score = ?, needs_manual_grade = 0 where id in ("
            "select grade.id from grade join base_cell on base_cell.id = grade.cell_id "
            "join submitted_notebook n on n.id = grade.notebook_id "
            "join submitted_assignment a on a.id = n.assignment_id "
            "where base_cell.name = 'why' and a.student_id = ?)",
            (points, student_id(student)),
        )
        assert changed.rowcount == 1
    db.close()


def test_nothing_is_graded_twice_unless_it_changed(copied, submissions, tmp_path):
    assert grade(copied).ran == 0
    better = tmp_path / MISTAKEN
    write_submission(better, submissions / RIGHT / "langmodels", json.dumps(handed_in()))
    copied.collect("ngrams", [better], {})
    done = grade(copied)
    assert done.ran == 1
    assert {change.student for change in done.changes} == {MISTAKEN}
    changed = {change.cell: (change.before, change.now) for change in done.changes}
    assert changed["ngrams/test-double"] == (0, 2)
    earlier = copied.folder / "replaced" / "submitted" / student_id(MISTAKEN) / "ngrams" / "1"
    assert "x + 2" in (earlier / "ngrams.ipynb").read_text("utf-8")


def test_points_given_by_hand_survive_a_regrade(copied):
    give(copied, RIGHT, 3.5)
    done = grade(copied, RIGHT, again=True)
    assert done.ran == 1
    assert done.changes == []
    row = table(copied)[RIGHT]["row"]
    assert row.parts["ngrams"] == AUTOMATIC + 3.5


def test_a_changed_suite_grades_again_and_keeps_the_old_results(copied, small, tmp_path):
    root = tmp_path / "changed"
    shutil.copytree(small.root, root, ignore=shutil.ignore_patterns("submissions"))
    for path in (root / "autograder" / "hidden").rglob("test_*.py"):
        text = path.read_text("utf-8")
        assert "): 1, (" in text
        path.write_text(text.replace("): 1, (", "): 2, ("), "utf-8")
    changed = Course(Project(root), copied.folder)
    done = grade(changed, RIGHT)
    assert done.ran == 1
    [change] = done.changes
    assert (change.student, change.cell) == (RIGHT, "package/ngrams-count_ngrams")
    assert (change.before, change.now) == (2, 0)
    assert len(list((copied.folder / "results/ngrams/earlier").glob("*.json"))) == 1


def test_an_assignment_can_be_generated_again_after_a_correction(copied, small, tmp_path):
    """Its tests are the new ones, in what had been handed in before."""
    root = tmp_path / "corrected"
    shutil.copytree(small.root, root, ignore=shutil.ignore_patterns("submissions"))
    path = root / "exercises/01-ngrams/ngrams.ipynb"
    path.write_text(path.read_text("utf-8").replace("double(4) == 8", "double(4) == 6"), "utf-8")
    corrected = Course(Project(root), copied.folder)
    corrected.generate([])
    done = grade(corrected, RIGHT, MISTAKEN)
    assert done.ran == 2
    assert done.problems == []
    found = {(change.student, change.now) for change in done.changes}
    assert found == {(RIGHT, 0), (MISTAKEN, 2)}


# --- Late -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "lost"), [(0, 0), (2, 0), (2.01, 10), (26, 10), (26.1, 20), (70, 30), (1000, 30)]
)
def test_each_day_begun_after_the_grace_costs_up_to_the_most(hours, lost):
    late = Late(grace_hours=2, percent_per_day=10, at_most_percent=30)
    assert late.penalty(100, hours * 3600) == lost
    assert late.penalty(0, hours * 3600) == 0


@pytest.fixture
def late(copied, submissions, small) -> Course:
    """Three submissions: in time, 25 hours late, and nobody knows when."""
    settings = (copied.folder / "course.toml").read_text("utf-8")
    settings = settings.replace("percent_per_day = 0", "percent_per_day = 10")
    write_text(copied.folder / "course.toml", f"{settings}\nngrams = {DUE.isoformat()}\n")
    course = Course(small, copied.folder)
    times = {RIGHT: DUE + timedelta(hours=25), MISTAKEN: DUE - timedelta(hours=1)}
    course.collect("ngrams", paths_in(submissions, RIGHT, MISTAKEN), times)
    grade(course, RIGHT, MISTAKEN)
    return course


def test_late_submissions_lose_their_share_of_all_points(late):
    rows = {student: found["row"] for student, found in table(late).items()}
    full = PACKAGE + 2 + AUTOMATIC
    assert rows[RIGHT].late == pytest.approx(0.2 * full)
    assert rows[RIGHT].score == pytest.approx(0.8 * full)
    assert rows[MISTAKEN].late == rows[UNTOUCHED].late == rows["snoops"].late == 0
    give(late, RIGHT, 4)  # nbgrader itself would forget these
    assert table(late)[RIGHT]["row"].late == pytest.approx(0.2 * (full + 4))


def test_when_it_came_is_not_forgotten_by_collecting_again(late, submissions):
    [same] = late.collect("ngrams", paths_in(submissions, RIGHT), {})
    assert same.is_timed
    assert grade(late, RIGHT).ran == 0
    assert table(late)[RIGHT]["row"].late > 0


def test_another_submission_does_not_inherit_when_the_first_came(late, submissions, tmp_path):
    """Its time is not known: then it is not late."""
    write_submission(
        tmp_path / RIGHT, submissions / RIGHT / "langmodels", json.dumps(handed_in({"why": "x"}))
    )
    [other] = late.collect("ngrams", [tmp_path / RIGHT], {})
    assert not other.is_timed
    assert late.outdated("ngrams") == [RIGHT]
    assert grade(late, RIGHT).ran == 1
    assert late.outdated("ngrams") == []
    assert table(late)[RIGHT]["row"].late == 0


def test_an_extension_takes_lateness_away_and_can_be_taken_back(late):
    assert late.extend(RIGHT, "ngrams", timedelta(days=2)) == "2026-03-03 12:00 UTC"
    assert table(late)[RIGHT]["row"].late == 0
    late.extend(RIGHT, "ngrams", timedelta())
    assert table(late)[RIGHT]["row"].late > 0


def test_an_extension_before_anything_is_handed_in_holds(late, submissions, tmp_path):
    said = late.extend("comes later", "ngrams", timedelta(hours=30))
    assert said.endswith("for when somebody of this name hands in: so far nobody has")
    assert "comes later" not in table(late)
    path = tmp_path / "comes later"
    shutil.copytree(submissions / RIGHT, path)
    late.collect("ngrams", [path], {"comes later": DUE + timedelta(hours=25)})
    grade(late, "comes later")
    row = table(late)["comes later"]["row"]
    assert (row.late, row.parts["ngrams"]) == (0, AUTOMATIC)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("percent_per_day = -1", "percent_per_day = -1 is out of range"),
        ("percent_per_day = nan", "percent_per_day = nan is out of range"),
        ("at_most_percent = 200", "at_most_percent = 200 is out of range"),
        ("percents = 1", "unknown field `percents`"),
        ("[due]\nngrams = 2026-03-01T12:00:00", "needs its offset from UTC"),
    ],
)
def test_settings_that_would_take_points_by_mistake_are_refused(line, words, tmp_path):
    write_text(tmp_path / "course.toml", f'name = "x"\n[late]\n{line}\n')
    with pytest.raises(GradebookError, match=r"course\.toml") as refused:
        read(tmp_path)
    assert words in str(refused.value)


# --- Out of the gradebook -------------------------------------------------------------------------


def test_the_csv_says_what_counts_and_what_is_open(late):
    give(late, RIGHT, 4)
    [right] = [r for r in csv.DictReader(to_csv(late.rows()).splitlines()) if r["student"] == RIGHT]
    found = {name: float(right[name]) for name in ("score", "late", "waiting", "hours_late")}
    assert found == {"score": 10.4, "late": 2.6, "waiting": 0, "hours_late": 25}


def test_a_platform_gets_final_scores_only(late, tmp_path):
    """What waits for a person is left out, and said, as course export does with grader faults."""
    give(late, RIGHT, 4)
    path = tmp_path / "canvas.csv"
    path.write_text(
        "Student,ID,Chapter 1 (1)\n    Points Possible,,11\n"
        f'"{RIGHT.replace(chr(34), chr(34) * 2)}",7,\n{MISTAKEN},8,\nsnoops,9,\n',
        "utf-8",
    )
    filled = fill_in(late.rows(["ngrams"]), path, CANVAS, "Chapter 1", scale=False)
    rows = {row[0]: row[-1] for row in csv.reader(filled.text.splitlines())}
    assert (rows[RIGHT], rows[MISTAKEN], rows["snoops"]) == ("10.4", "", "")
    assert any(MISTAKEN in text and "1 cells wait" in text for text in filled.left)


# --- Two at once, and the command line ------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys):
    """`course gradebook …` as its user sees it: the exit code, and what is on stderr."""

    def run(course: Course, *arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(course.project.root)
        command = ["course", "gradebook", *arguments, "--in", str(course.folder)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, " ".join(capsys.readouterr().err.split())

    return run


def test_two_graders_on_one_gradebook_are_told_apart(copied, run, tmp_path):
    export = ["export", "--to", str(tmp_path / "out.csv")]
    with copied.alone():
        assert run(copied, *export) == (2, f"course: {BUSY}")
    assert run(copied, *export)[0] == 0


@pytest.mark.slow
def test_the_whole_cycle_on_the_command_line(small, submissions, tmp_path, monkeypatch):
    monkeypatch.chdir(small.root)
    runner, where = CliRunner(), ["--in", str(tmp_path / "book")]

    def course(*arguments: str) -> str:
        done = runner.invoke(app, ["gradebook", *arguments, *where])
        assert done.exit_code == 0, done.output
        return done.output

    course("init")
    course("generate")
    right, mistaken = paths_in(submissions, RIGHT, MISTAKEN)
    said = course("collect", "ngrams", str(right), str(mistaken))
    assert "collected 2 of 2" in said
    assert "not known when" in said
    said = course("grade", "ngrams", "--jobs", "1")
    assert "9 / 11" in said
    assert "2 wait for a person" in said
    assert "No points have changed" in course("regrade", "ngrams", "--student", RIGHT)
    with (tmp_path / "book" / "course.toml").open("a") as settings:
        settings.write(f"ngrams = {DUE.isoformat()}\n")
    assert "due 2026-03-02 12:00 UTC" in course("extension", RIGHT, "ngrams", "--days", "1")
    course("feedback", "ngrams")
    course("export", "--to", str(tmp_path / "out.csv"))
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nothing"], "no assignment 'nothing'; there are ngrams"),
        (["grade", "ngrams", "--student", "nobody"], "nobody has handed in no ngrams"),
        (["export", "--to", "x.csv", "--db", "postgresql://127.0.0.1:1/no"], "cannot be used"),
        (["collect", "ngrams", "nowhere"], "there is no nowhere"),
        (["collect", "ngrams", "\x1b[31mred"], r"there is no \x1b[31mred"),
        (["export", "nothing", "--to", "x.csv"], "no assignment 'nothing'; there are ngrams"),
        (["extension", RIGHT, "ngrams", "--days", "1"], "enter when ngrams is due in course.toml"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(copied, run, arguments, words):
    code, said = run(copied, *arguments)
    assert code == 2
    assert said.startswith("course: ")
    assert words in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"zo\xeb,2026-03-01T12:00:00+00:00\n", "is not UTF-8"),
        (b"ada\n", "line 2: '' is no time"),
        (b"ada,yesterday\n", "line 2: 'yesterday' is no time"),
        (b"ada,2026-03-01T12:00:00+00:00\n" * 2, "line 3: 'ada' is there twice"),
    ],
)
def test_a_table_of_times_that_cannot_be_read_is_one_sentence(content, words, tmp_path):
    (tmp_path / "times.csv").write_bytes(b"submission,time\n" + content)
    with pytest.raises(CourseError, match=r"times\.csv") as refused:
        read_times(tmp_path / "times.csv")
    assert words in str(refused.value)


def test_a_time_that_is_nobodys_is_told():
    times = {"Ada": DUE, "ben.zip": DUE}
    assert strangers(times, [Path("in/ada"), Path("in/ben")]) == ["Ada"]


def test_a_due_date_of_no_assignment_is_refused(small, tmp_path):
    write_text(tmp_path / "course.toml", f'name = "x"\n[due]\nngram = {DUE.isoformat()}\n')
    with pytest.raises(GradebookError, match=r"\[due\]: no assignment 'ngram'; there are ngrams"):
        Course(small, tmp_path)


def test_a_folder_without_a_gradebook_names_the_next_step(small, tmp_path):
    with pytest.raises(GradebookError, match="course gradebook init"):
        Course(small, tmp_path)


# --- PostgreSQL -----------------------------------------------------------------------------------


def postgres_program(name: str) -> str:
    """Debian keeps the server's programs outside the PATH."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    path = os.pathsep.join([*map(str, places), os.environ["PATH"]])
    found = shutil.which(name, path=path)
    if not found:
        pytest.skip(f"no {name} here: apt-get install postgresql")
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: extra `postgres`")
    initdb, postgres = postgres_program("initdb"), postgres_program("postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:  # as whom it does not run
            options["user"] = "nobody"
            shutil.chown(folder, "nobody")
        data = f"{folder}/data"
        subprocess.run([initdb, "-D", data, "-U", "grader", "--auth=trust"], check=True, **options)
        command = [postgres, "-D", data, "-p", port, "-k", folder, "-h", "127.0.0.1", "-F"]
        process = subprocess.Popen(command, **options)
        try:
            yield f"postgresql://grader@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # at once, but in order
            process.wait(60)


def when_it_listens(address: str) -> None:
    import psycopg

    for _ in range(300):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(address).close()
            return
        time.sleep(0.2)
    raise AssertionError("the server does not listen")


@pytest.mark.slow
def test_postgresql_holds_the_same_gradebook_for_one_grader_at_a_time(
    server, book, small, submissions, run, tmp_path
):
    when_it_listens(server)
    course = make(small, tmp_path / "book", server)
    course.collect("ngrams", paths_in(submissions, RIGHT, MISTAKEN), {RIGHT: DUE})
    assert grade(course).ran == 2
    expected = {name: row for name, row in table(book[0]).items() if name in (RIGHT, MISTAKEN)}
    assert table(course) == expected
    assert not (course.folder / "gradebook.db").exists()
    # From another machine, or another folder: the lock is the server's.
    initialise(small, tmp_path / "other")
    other = Course(small, tmp_path / "other", server)
    with course.alone():
        refused = run(other, "export", "--to", str(tmp_path / "out.csv"), "--db", server)
    assert refused == (2, f"course: {BUSY}")
    with other.alone():
        pass


# --- Formgrader -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_formgrader_shows_what_waits_and_enters_what_a_person_gives(copied):
    """The real server, with this folder's configuration, on this machine only."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = {"JUPYTER_TOKEN": "t", "HOME": str(copied.folder)}
    script = (
        "import sys; from autograder.cli import app; "
        f"app(['gradebook', 'formgrader', '--in', sys.argv[1], '--port', '{port}'])"
    )
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script, copied.folder],
        cwd=copied.project.root,
        env={**os.environ, **token, "BROWSER": "true"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/formgrader/api"
    try:
        notebooks_waiting = fetch(f"{address}/submitted_notebooks/ngrams/ngrams?token=t", server)
        [mine] = [n for n in notebooks_waiting if n["student"] == student_id(RIGHT)]
        assert mine["needs_manual_grade"]
        grades = fetch(f"{address}/grades?submission_id={mine['id']}&token=t", server)
        [essay] = [g for g in grades if g["name"] == "why"]
        content = json.dumps(essay | {"manual_score": 2.5}).encode()
        request = urllib.request.Request(
            f"{address}/grade/{essay['id']}?token=t", content, method="PUT"
        )
        request.add_header("Authorization", "token t")
        urllib.request.urlopen(request, timeout=30).read()
    finally:
        server.terminate()
        server.wait(30)
    row = table(copied)[RIGHT]["row"]
    assert (row.parts["ngrams"], row.waiting) == (AUTOMATIC + 2.5, 0)


def fetch(address: str, server: subprocess.Popen):
    """What the server answers, once it does."""
    for _ in range(600):
        assert server.poll() is None, "formgrader has ended"
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("formgrader does not answer")
