"""A misconception is named when the evidence is unique, and never for a right answer."""

import pytest

from autograder.diagnosis import load_mistakes
from autograder.examiner import Target, examine
from autograder.grade import grade_one
from autograder.results import Outcome
from autograder.samples import replace_function
from autograder.submission import read_package

ID = "ngrams.count_ngrams"


def test_every_mistake_says_what_it_does_wrong_and_why(project):
    for exercise in project.catalog.exercises.values():
        for mistake in load_mistakes(project.root, exercise):
            assert mistake.title.endswith("."), mistake.path
            assert len(mistake.title) <= 100, mistake.path
            assert len(mistake.why) > 40, mistake.path


def test_each_mistake_has_a_title_of_its_own(project):
    for exercise in project.catalog.exercises.values():
        titles = [m.title for m in load_mistakes(project.root, exercise)]
        assert len(set(titles)) == len(titles), exercise.id


@pytest.fixture
def handed_in(project, submit, complete):
    """The result of count_ngrams with another function in its place."""

    def run(function: str):
        content = replace_function(complete, function)
        return grade_one(project.root, submit(content), [ID], seed=5).exercises[0]

    return run


def test_a_known_mistake_is_named_in_each_test_that_it_fails(project, handed_in):
    exercise = project.catalog.exercises[ID]
    mistake = next(
        m for m in load_mistakes(project.root, exercise) if m.path.stem == "no_end_marker"
    )
    result = handed_in(mistake.path.read_text("utf-8"))
    wrong = [test for test in result.tests if test.outcome is Outcome.WRONG]
    assert wrong
    assert {test.misconception for test in wrong} == {f"{mistake.title} {mistake.why}"}


def test_a_wrong_answer_of_another_kind_is_not_accused(handed_in):
    result = handed_in(
        "def count_ngrams(sentences, order):\n    return {('surprise',) * order: 77}\n"
    )
    assert result.outcome is Outcome.WRONG
    assert not any(test.misconception for test in result.tests)


def test_a_right_answer_is_never_accused(project):
    exercise = project.catalog.exercises[ID]
    folder = project.root / "autograder/alternatives/ngrams/count_ngrams"
    reference = read_package(project.root / "solutions" / "langmodels")
    targets = [Target(p.stem, reference, override=p) for p in folder.glob("*.py")]
    assert targets
    found = examine(targets, [exercise], project.hidden, project.catalog, project.root)
    for results in found.results.values():
        assert {test.outcome for test in results[ID]} == {Outcome.PASSED}
        assert not any(test.misconception for test in results[ID])
