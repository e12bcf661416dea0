"""Whatever a student hands in ends in a report with one clear sentence."""

from functools import cache

import pytest

from autograder import box, examiner
from autograder.catalog import Limits
from autograder.examiner import Suite
from autograder.grade import grade, grade_one
from autograder.project import Project
from autograder.results import Outcome, Report, for_student, score_submission, to_json

FIRST = "ngrams.count_ngrams"


@pytest.fixture
def graded(project, submit, monkeypatch):
    """Grade one exercise of a submission in this process, by one test, with small limits."""
    small = Limits(wall_s=10, cpu_s=2, memory_mb=1024, output_kb=16)
    real = examiner.Box

    def small_box(load, _, *rest, **more):
        return real(load, small, *rest, **more)

    monkeypatch.setattr(examiner, "Box", small_box)
    suite = Suite(project.root / "tests" / "suite", visible=False)
    monkeypatch.setattr(Project, "hidden", suite)

    def run(content, id=FIRST):
        result = grade_one(project.root, submit(content, id), [id], seed=1)
        return result.exercises[0]

    return run


def solved_by(body: str) -> str:
    """A ngrams.py whose count_ngrams has this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"import time\n\n\ndef count_ngrams(sentences, order):\n{lines}\n"


def test_the_complete_sample_earns_every_point(graded, complete):
    exercise = graded(complete)
    assert exercise.outcome is Outcome.PASSED
    assert exercise.score == exercise.max_score


def test_the_stub_is_not_started_and_says_where(graded, project):
    stub = (project.root / "src/langmodels/ngrams.py").read_text(encoding="utf-8")
    exercise = graded(stub)
    assert exercise.outcome is Outcome.NOT_STARTED
    assert exercise.score == 0
    assert "ngrams.py, line" in exercise.tests[0].message


BROKEN_MODULES = {
    "syntax error": ("def count_ngrams(:\n    pass\n", Outcome.ERROR, "syntax error"),
    "import error": ("import no_such_package\n", Outcome.ERROR, "no_such_package"),
    "raises at import": ("raise RuntimeError('boom')\n", Outcome.ERROR, "RuntimeError"),
    "not UTF-8": (b"x = 1\n# caf\xe9\n", Outcome.ERROR, "line 2: not UTF-8"),
    "null bytes": (b"x = 1\n\x00\n", Outcome.ERROR, "null bytes"),
    "empty": ("", Outcome.ERROR, "has no count_ngrams"),
    "imports forever": ("while True: pass\n", Outcome.TIMEOUT, "seconds"),
    "sleeps at import": ("import time\ntime.sleep(99)\n", Outcome.TIMEOUT, "seconds"),
    "prints at import": ("print('x' * 10**6)\n", Outcome.OUTPUT_TOO_LARGE, "16 kB"),
    "exits at import": ("import sys\nsys.exit(0)\n", Outcome.CRASHED, "SystemExit"),
}


@pytest.mark.parametrize("content, outcome, words", BROKEN_MODULES.values(), ids=BROKEN_MODULES)
def test_a_module_that_cannot_be_imported_says_why(graded, content, outcome, words):
    exercise = graded(content)
    assert exercise.outcome is outcome
    assert exercise.score == 0
    assert words in exercise.tests[0].message
    assert "\n" not in exercise.tests[0].message
    assert "Traceback" not in exercise.tests[0].message


BROKEN_ANSWERS = {
    "nothing": ("pass", Outcome.WRONG),
    "wrong type": ("return 'twelve'", Outcome.WRONG),
    "nan": ("return {('a',): float('nan')}", Outcome.WRONG),
    "an object": ("return object()", Outcome.WRONG),
    "a generator": ("return (x for x in [])", Outcome.WRONG),
    "a lone surrogate": ("return {'\\ud800': 1}", Outcome.WRONG),
    "nested without end": ("x = []\nx.append(x)\nreturn x", Outcome.WRONG),
    "a huge answer": ("return 'x' * 10**8", Outcome.WRONG),
    "an exception": ("return sentences[99]", Outcome.ERROR),
    "recursion": ("return count_ngrams(sentences, order)", Outcome.ERROR),
    "missing name": ("return Conter()", Outcome.ERROR),
    "endless loop": ("while True:\n    pass", Outcome.TIMEOUT),
    "sleep": ("time.sleep(99)", Outcome.TIMEOUT),
    "all the memory": ("return [0] * 10**10", Outcome.OUT_OF_MEMORY),
    "a flood of output": ("while True:\n    print('x' * 1000)", Outcome.OUTPUT_TOO_LARGE),
    "exit": ("raise SystemExit", Outcome.CRASHED),
    "hard exit": ("import os\nos._exit(0)", Outcome.CRASHED),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)", Outcome.CRASHED),
    "input": ("input()", Outcome.ERROR),
}


@pytest.mark.parametrize("body, outcome", BROKEN_ANSWERS.values(), ids=BROKEN_ANSWERS)
def test_a_broken_answer_has_its_outcome_and_one_sentence(graded, body, outcome):
    exercise = graded(solved_by(body))
    assert exercise.outcome is outcome
    assert exercise.score == 0
    for test in exercise.tests:
        assert test.message
        assert "\n" not in test.message
        assert "Traceback" not in test.message


def test_what_code_prints_on_the_way_costs_nothing(graded, complete):
    text = complete.replace("counts.pop((BOS,), None)", "counts.pop((BOS,), None)\n    print('hi')")
    exercise = graded(text)
    assert exercise.outcome is Outcome.PASSED
    assert any("hi" in test.log for test in exercise.tests)


def test_a_machine_that_cannot_start_a_box_is_not_the_students_fault(graded, complete, monkeypatch):
    monkeypatch.setattr(box, "_zygote", cache(lambda *_: box.Zygote([])))
    monkeypatch.setattr(box.sys, "executable", "/bin/false")
    exercise = graded(complete)
    assert exercise.outcome is Outcome.GRADER_FAULT
    assert (exercise.score, exercise.max_score) == (0, 0)
    assert "course doctor" in exercise.tests[0].message


def test_one_mistake_costs_once(graded, complete):
    """What an exercise builds on comes from the reference when it is graded."""
    wrong = complete.replace("counts.pop((BOS,), None)", "counts.clear()")
    assert wrong != complete
    assert graded(wrong).outcome is Outcome.WRONG
    assert graded(wrong, "ngrams.MaximumLikelihood").outcome is Outcome.PASSED


def test_a_module_left_out_counts_as_not_started(project, tmp_path):
    folder = tmp_path / "partial" / "langmodels"
    folder.mkdir(parents=True)
    (folder / "other.py").write_text("x = 1\n")
    (result,) = grade(project, [folder.parent], project.catalog.select([FIRST]), 1, 1)
    assert result.exercises[0].outcome is Outcome.NOT_STARTED


SMUGGLERS = {
    "in the message": "raise ValueError(f'secret {sentences}')",
    "in the message of an import": "raise ModuleNotFoundError(str(sentences))",
    "in the name of an exception": "raise type(str(sentences), (Exception,), {})",
    "as the grader's own exception": "raise type('MissingError', (Exception,), {})(str(sentences))",
    "in the name of a class": "return type(str(sentences), (), {})()",
    "in the output": "print(sentences)",
    "as the answer": "return [str(sentences)]",
}


@pytest.mark.parametrize("body", SMUGGLERS.values(), ids=SMUGGLERS)
def test_a_student_never_sees_hidden_inputs_or_answers(graded, body):
    result = graded(solved_by(body))
    shown = for_student(score_submission("s", [result]))
    assert "[['a']]" not in to_json(Report("none", 1, [shown]))
    assert all(test.mismatch is None and not test.log for test in shown.exercises[0].tests)


def test_a_broken_submission_gets_a_report_beside_the_good_ones(
    project, submit, complete, tmp_path
):
    good = submit(complete, "good")
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "essay.txt"
    text.write_text("hello")
    exercises = project.catalog.select([FIRST])
    results = list(grade(project, [empty, good, text], exercises, seed=1, jobs=2))
    assert [r.name for r in results] == ["empty", "good", "essay.txt"]
    assert "no folder langmodels/" in results[0].message
    assert results[1].score == results[1].max_score
    assert "neither a folder nor an archive" in results[2].message
