"""The example in a student's report: it fails, it is small, and nothing hidden is in it."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder import examiner, grade, reports
from autograder.box import BoxError
from autograder.examiner import Suite
from autograder.grade import grade_one
from autograder.project import Project
from autograder.results import (
    ExerciseResult,
    Outcome,
    Report,
    SubmissionResult,
    score_submission,
    student_report,
    to_json,
)

ID = "ngrams.count_ngrams"
SEED = 1

# One test, in both suites: the same seed would draw the same words. Small inputs come first.
DRAWS = '''
import random
from autograder.testing import exercise, expect

@exercise("ngrams.count_ngrams")
def test_counts_words(student, rng):
    """Every word is counted."""
    for length in sorted(rng.sample(range(1, 40), 5)):
        words = ["w" + str(rng.getrandbits(64)) for _ in range(length)]
        expected = dict.fromkeys([(w,) for w in words], 1) | {("</s>",): 1}
        expect(student.ngrams.count_ngrams([words], 1), expected)
'''

WAYS_OUT = {
    "as the answer": "return [str(sentences)]",
    "as keys": "return {(w,): 9 for w in sentences[0]}",
    "printed, then no answer": "print(sentences)\n    return None",
    "as what it was before": "return [str(SEEN), SEEN.append(str(sentences))]",
}


def first_word() -> str:
    """A word of the smallest hidden input of the run."""
    rng = random.Random(f"{SEED}:test_counts_words")
    rng.sample(range(1, 40), 5)
    return f"w{rng.getrandbits(64)}"


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Replace the hidden suite by DRAWS, and the visible one by any text."""

    def replace(visible: str) -> None:
        for name, text in (("hidden", DRAWS), ("visible", visible)):
            folder = tmp_path / name / "01-ngrams"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "test_one.py").write_text(text)
            suite = Suite(tmp_path / name, visible=name == "visible")
            monkeypatch.setattr(Project, name, suite)

    replace(DRAWS)
    return replace


@pytest.fixture
def graded(
    project: Project, submit: Callable[..., Path], suites: Callable[[str], None]
) -> Callable[..., ExerciseResult]:
    names = (f"submission-{n}" for n in itertools.count())

    def run(body: str, seed: int = SEED) -> ExerciseResult:
        text = f"SEEN = []\n\n\ndef count_ngrams(sentences, order):\n    {body}\n"
        return grade_one(project.root, submit(text, next(names)), [ID], seed).exercises[0]

    return run


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[Suite]:
    """The suites that were run, as they begin."""
    suites: list[Suite] = []
    examine = grade.examine

    def noticed(targets: Any, exercises: Any, suite: Suite, *rest: Any, **how: Any) -> Any:
        suites.append(suite)
        return examine(targets, exercises, suite, *rest, **how)

    monkeypatch.setattr(grade, "examine", noticed)
    return suites


def read_by_the_student(result: ExerciseResult, project: Project, folder: Path) -> str:
    submission: SubmissionResult = score_submission("s", [result])
    report = Report("standard: landlock", SEED, [submission])
    page = reports.write_feedback(submission, project.catalog, report, folder)
    texts = page.read_text("utf-8"), reports.to_markdown(report)
    return "".join(texts) + to_json(student_report(report, submission))


@pytest.mark.parametrize("body", WAYS_OUT.values(), ids=WAYS_OUT)
def test_a_student_reads_an_example_and_no_hidden_input(graded, body, project, tmp_path):
    result = graded(body)
    secret = first_word()
    assert secret in to_json(result)  # the instructor reads it
    assert result.outcome is Outcome.WRONG
    text = read_by_the_student(result, project, tmp_path)
    assert result.example.mismatch.given.split("'")[1] in text
    assert "An example" in text and "an example" in text  # on the page, and in Markdown
    assert secret not in text


def test_an_example_is_drawn_afresh_for_every_submission_and_not_by_the_runs_seed(graded):
    wrong, other = "return {}", "return {'a': 1}"
    example = graded(wrong).example
    assert example == graded(wrong, seed=SEED + 1).example
    assert example.mismatch.given != graded(other).example.mismatch.given


def test_of_several_draws_the_smallest_is_the_example(graded, monkeypatch):
    def length() -> int:
        words = graded("return {}").example.mismatch.given.count("'w")
        assert words
        return words

    lengths = []
    for seeds in (1, 8):
        monkeypatch.setattr(grade, "EXAMPLE_SEEDS", seeds)
        lengths.append(length())
    assert lengths[0] > lengths[1]


def test_what_is_right_or_fails_on_hidden_inputs_only_has_no_example(graded, suites):
    right = "return {(w,): 1 for w in [*sentences[0], '</s>']}"
    assert graded(right).outcome is Outcome.PASSED
    assert graded(right).example is None
    suites(DRAWS.replace("range(1, 40), 5", "[1], 1"))
    wrong = graded(f"if len(sentences[0]) == 1:\n        {right}")
    assert wrong.outcome is Outcome.WRONG
    assert wrong.example is None


BROKEN = {"a syntax error": f"{DRAWS}def test(:\n", "an import": f"import no_such{DRAWS}"}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_visible_tests_that_do_not_run_change_no_score(graded, suites, text):
    before = graded("return {}")
    suites(text)
    after = graded("return {}")
    assert before.example and not after.example
    assert (after.tests, after.score, after.outcome) == (before.tests, 0, Outcome.WRONG)
    assert "no example" in after.flags[0] and "\n" not in after.flags[0]


def test_a_box_that_is_not_to_be_had_for_the_example_changes_no_score(
    graded, examined, monkeypatch
):
    before = graded("return {}")
    real = examiner.Box

    def box(*args, **more):
        if examined[-1].visible:
            raise BoxError("no more boxes")
        return real(*args, **more)

    monkeypatch.setattr(examiner, "Box", box)
    after = graded("return {}")
    assert after.example is None
    assert (after.tests, after.score, after.flags) == (before.tests, 0, [])


def test_an_example_that_nobody_vouches_for_shows_no_input(graded, project, tmp_path):
    result = graded("return {}")
    word = result.example.mismatch.given.split("'")[1]
    assert word in read_by_the_student(result, project, tmp_path)
    result.example.visible = False
    assert word not in read_by_the_student(result, project, tmp_path)


def test_a_test_with_fixed_inputs_runs_once(graded, examined, suites):
    suites(DRAWS.replace("student, rng", "student").replace("rng.", "random.Random(0)."))
    assert graded("return {}").example
    assert [suite.visible for suite in examined].count(True) == 1
