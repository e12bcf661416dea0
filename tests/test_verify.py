"""`course verify` finds what is wrong with a suite: each gap that it is for is planted here."""

import textwrap

import pytest

from autograder.project import Project
from autograder.samples import write_samples
from autograder.sync import sync
from autograder.verify import verify

REFERENCE = '''
"""A module with one exercise."""


def double(numbers: list[int]) -> list[int]:
    """Twice each number."""
    # BEGIN SOLUTION
    return [2 * number for number in numbers]
    # END SOLUTION
'''

CATALOG = """
[chapter]
number = 1
part = "I"
title = "Demo"
page = "demo"

[[exercise]]
id = "demo.double"
title = "Double"
points = 2
minutes = 1
difficulty = 1
hints = ["?"]
"""

TESTS = '''
from autograder.testing import exercise, expect


@exercise("demo.double")
def test_doubles(student, rng):
    """Each number is doubled."""
    for size in (1, 3):
        numbers = [rng.randrange(2, 90) for _ in range(size)]
        expect(student.demo.double(numbers), [n + n for n in numbers])
'''

MISTAKES = {
    "same": "return numbers",
    "square": "return [n * n + 1 for n in numbers]",
    "first_only": "return [2 * numbers[0]]",
    "plus_two": "return [n + 2 for n in numbers]",
    "as_text": "return [str(2 * n) for n in numbers]",
    "reversed_order": "return [2 * n for n in numbers[::-1]]",
}


@pytest.fixture
def course(tmp_path):
    """A tiny course in which everything is right, to be spoilt in one place."""

    def write(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text).lstrip(), "utf-8")

    write("solutions/langmodels/__init__.py", '"""Demo."""\n')
    write("solutions/langmodels/demo.py", REFERENCE)
    write("exercises/01-demo/exercises.toml", CATALOG)
    write("exercises/01-demo/test_demo.py", TESTS)
    write("autograder/hidden/01-demo/test_demo.py", TESTS)
    for name, body in MISTAKES.items():
        text = f'"""It does something else."""\n\n\ndef double(numbers):\n    {body}\n'
        write(f"autograder/mistakes/demo/double/{name}.py", text)
    write(
        "autograder/alternatives/demo/double/loop.py",
        '"""A loop."""\n\n\ndef double(numbers):\n    return list(map(lambda n: n + n, numbers))\n',
    )
    sync(tmp_path)
    return write


def proof(tmp_path):
    project = Project(tmp_path)
    (only,) = verify(project, project.catalog.select([]), jobs=1, seeds=1)
    return only


def test_a_sound_exercise_has_no_problem(course, tmp_path):
    found = proof(tmp_path)
    assert found.problems == []
    assert str(found.mistakes) == "6/6"
    assert found.nulls.good == found.nulls.all > 5
    assert (found.visible_tests, found.hidden_tests) == (1, 1)


def test_the_right_suite_is_run_where_both_have_the_same_file_name(course, tmp_path):
    course("exercises/01-demo/test_demo.py", TESTS + TESTS.replace("test_doubles", "test_again"))
    found = proof(tmp_path)
    assert (found.visible_tests, found.hidden_tests) == (2, 1)


SPOILT = {
    "a test that any list passes": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace(
            "expect(student.demo.double(numbers), [n + n for n in numbers])",
            "assert student.demo.double(numbers) is not None",
        ),
        "mistake same passes every hidden test",
    ),
    "a test that is wrong": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace("n + n", "n + n + 1"),
        "the reference fails test_doubles",
    ),
    "a test that is too narrow": (
        "autograder/alternatives/demo/double/floats.py",
        '"""Floats."""\n\n\ndef double(numbers):\n    return [2.0 * n for n in numbers]\n',
        "alternative floats fails test_doubles",
    ),
    "a test that fails itself": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace("for size in (1, 3)", "for size in nowhere"),
        "fails itself",
    ),
    "no test": (
        "autograder/hidden/01-demo/test_demo.py",
        TESTS.replace('"demo.double"', '"demo.other"'),
        "there is no hidden test",
    ),
    "a stub that is solved": (
        "src/langmodels/demo.py",
        REFERENCE,
        "the stub ends test_doubles with passed",
    ),
}


@pytest.mark.parametrize("path, text, problem", SPOILT.values(), ids=SPOILT)
def test_each_gap_is_found_and_named(course, tmp_path, path, text, problem):
    course(path, text)
    assert any(problem in found for found in proof(tmp_path).problems)


def test_too_few_mistakes_are_a_problem(course, tmp_path):
    (tmp_path / "autograder/mistakes/demo/double/same.py").unlink()
    assert "5 mistakes in the library, 6 are due" in proof(tmp_path).problems


def test_the_samples_get_the_marks_that_they_are_made_for(project, tmp_path):
    from autograder.grade import grade_one

    write_samples(project.root, tmp_path)
    ids = ["ngrams.count_ngrams", "ngrams.sentence_logprob", "ngrams.AddK", "ngrams.kneser_ney"]
    outcomes = {
        folder.name: [e.outcome for e in grade_one(project.root, folder, ids, seed=3).exercises]
        for folder in sorted(tmp_path.iterdir())
    }
    assert outcomes["complete"] == ["passed"] * 4
    assert outcomes["half-done"] == ["wrong", "wrong", "passed", "not_started"]
    assert outcomes["syntax-error"] == ["error_in_your_code"] * 4
