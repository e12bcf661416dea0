"""Status is read from the source and the last check; watch says what changed."""

import io
import threading

import pytest
from rich.console import Console

from autograder.progress import changes, current, hidden_checks, next_exercise, print_status
from autograder.project import Project
from autograder.results import ExerciseResult, Outcome
from autograder.survey import survey


@pytest.fixture
def own(project, tmp_path):
    """A project of one's own: the exercises of one chapter, and a src/ to write into."""
    (tmp_path / "src/langmodels").mkdir(parents=True)
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises/01-ngrams").symlink_to(project.root / "exercises/01-ngrams")
    for name in ("ngrams.py", "test_ngrams.py"):
        stub = (project.root / "src/langmodels" / name).read_text("utf-8")
        (tmp_path / "src/langmodels" / name).write_text(stub, "utf-8")
    return Project(tmp_path)


def write(own, text):
    (own.package / "langmodels/ngrams.py").write_text(text, "utf-8")


def outcomes(own):
    return {s.id: s.outcome for s in current(own).exercises}


def test_fresh_stubs_are_not_started(own):
    assert set(outcomes(own).values()) == {Outcome.NOT_STARTED}
    assert current(own).next == "ngrams.count_ngrams"


def test_what_is_written_and_not_checked_is_neither_done_nor_not_started(own, complete):
    write(own, complete)
    found = outcomes(own)
    assert found.pop("test_ngrams.test_count_ngrams") is Outcome.NOT_STARTED  # in another file
    assert set(found.values()) == {None}


def test_a_passed_exercise_is_remembered_until_its_stub_is_back(own, complete):
    stub = own.module(own.catalog.exercises["ngrams.count_ngrams"]).read_text("utf-8")
    write(own, complete)
    own.remember_results([ExerciseResult("ngrams.count_ngrams", 2, 2, Outcome.PASSED, [])])
    assert outcomes(own)["ngrams.count_ngrams"] is Outcome.PASSED
    assert current(own).score == 2
    assert current(own).next != "ngrams.count_ngrams"
    write(own, stub)
    assert outcomes(own)["ngrams.count_ngrams"] is Outcome.NOT_STARTED
    assert current(own).score == 0


def test_stretch_comes_last_and_is_no_part_of_the_maximum(own, complete):
    write(own, complete)
    (own.package / "langmodels/test_ngrams.py").write_text("def test_count_ngrams(): ...", "utf-8")
    exercises = list(own.catalog.exercises.values())
    core = [e for e in exercises if not e.stretch]
    own.remember_results(
        [ExerciseResult(e.id, e.points, e.points, Outcome.PASSED, []) for e in core]
    )
    following = next_exercise(own, exercises)
    assert following is None or following.stretch
    assert current(own).max_score == sum(e.points for e in core)


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_the_table_has_whole_ids_and_no_titles_of_single_letters(project, width):
    text = io.StringIO()
    print_status(Console(file=text, width=width), project, current(project))
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    whole = {word for line in lines for word in line.split()}
    fitting = [id for id in project.catalog.exercises if len(id) < width - 25]
    assert fitting and set(fitting) <= whole
    assert sum(line.endswith("not started") for line in map(str.rstrip, lines)) >= len(fitting)
    assert len(lines) < 1.4 * len(project.catalog.exercises)


def test_a_damaged_memory_is_forgotten(own):
    own.remember("results", {"x": 1})
    (own.root / ".course/results.json").write_text("{half")
    assert own.recall("results") == {}


def test_hidden_checks_show_only_the_public_line_and_the_weight(project):
    for exercise in project.catalog.exercises.values():
        checks = hidden_checks(project, exercise)
        assert len(checks) >= (2 if exercise.tests_for else 3), exercise.id
        for text, weight in checks:
            assert weight > 0
            assert "\n" not in text
            assert len(text) <= 100


def test_watch_reports_the_start_and_each_saved_file(own, monkeypatch):
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    seen = changes(own.package / "langmodels")
    assert next(seen) == set()
    path = own.package / "langmodels/ngrams.py"
    saver = threading.Timer(1.0, lambda: path.write_text(path.read_text("utf-8") + "\n", "utf-8"))
    saver.start()
    assert next(seen) == {path}
    saver.join()
    seen.close()
    assert survey(path.read_bytes(), "ngrams").unwritten
