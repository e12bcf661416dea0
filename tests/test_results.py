"""Scores: weights, stretch, grader faults, what a student may see, JSON."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.results import (
    WORDS,
    ExerciseResult,
    Mismatch,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    for_student,
    score_exercise,
    score_submission,
    to_json,
)

settings.load_profile("ci")  # the same examples each time, no deadline

outcomes = st.sampled_from(Outcome)
tests = st.builds(
    TestResult, st.just("t"), outcomes, st.just("m"), weight=st.integers(1, 5).map(float)
)
exercises = st.builds(
    score_exercise,
    st.just("m.f"),
    st.integers(0, 20).map(float),
    st.booleans(),
    st.lists(tests, max_size=6),
)


def test(outcome: Outcome, weight: float = 1.0) -> TestResult:
    return TestResult("t", outcome, "m", weight=weight)


test.__test__ = False  # type: ignore[attr-defined]


def test_every_outcome_has_a_sign_and_words() -> None:
    assert set(WORDS) == set(Outcome)
    assert len({words for _, words in WORDS.values()}) == len(Outcome)


def test_points_follow_the_weight_of_what_passed() -> None:
    result = score_exercise("m.f", 6, False, [test(Outcome.PASSED, 2), test(Outcome.WRONG)])
    assert (result.score, result.max_score, result.outcome) == (4, 6, Outcome.WRONG)


def test_a_grader_fault_counts_neither_for_nor_against() -> None:
    fault = test(Outcome.GRADER_FAULT, 5)
    assert score_exercise("m.f", 3, False, [test(Outcome.PASSED), fault]).score == 3
    assert score_exercise("m.f", 3, False, [test(Outcome.WRONG), fault]).score == 0
    assert score_exercise("m.f", 3, False, [test(Outcome.PASSED), fault]).outcome == "grader_fault"


def test_the_outcome_is_that_of_the_first_test_that_did_not_pass() -> None:
    found = [test(Outcome.PASSED), test(Outcome.TIMEOUT), test(Outcome.WRONG)]
    assert score_exercise("m.f", 1, False, found).outcome is Outcome.TIMEOUT


@given(st.lists(tests, max_size=6), st.integers(0, 20))
def test_a_score_is_between_nothing_and_all(found: list[TestResult], points: int) -> None:
    result = score_exercise("m.f", points, False, found)
    assert 0 <= result.score <= points
    if any(t.outcome is Outcome.PASSED for t in found) and result.outcome is Outcome.PASSED:
        assert result.score == points


@given(st.lists(exercises, max_size=6))
def test_stretch_adds_to_the_score_and_not_to_the_maximum(found: list[ExerciseResult]) -> None:
    result = score_submission("anna", found)
    assert result.score == pytest.approx(sum(e.score for e in found))
    assert result.max_score == sum(e.max_score for e in found if not e.stretch)


def test_sums_are_rounded_as_people_write_them() -> None:
    thirds = [score_exercise("m.f", points, False, [test(Outcome.PASSED)]) for points in (0.1, 0.2)]
    result = score_submission("anna", thirds)
    assert (result.score, result.max_score) == (0.3, 0.3)


def test_a_student_sees_inputs_of_visible_tests_only_and_no_log() -> None:
    mismatch = Mismatch("given", "expected", "got")
    shown = TestResult("a", Outcome.WRONG, "m", mismatch=mismatch, log="log")
    hidden = TestResult("b", Outcome.WRONG, "m", mismatch=mismatch, log="log", visible=False)
    original = score_submission("anna", [score_exercise("m.f", 1, False, [shown, hidden])])
    first, second = for_student(original).exercises[0].tests
    assert (first.mismatch, second.mismatch) == (mismatch, None)
    assert first.log == second.log == ""
    assert hidden.log and hidden.mismatch  # the original is untouched


def test_json_always_has_the_keys_of_the_contract() -> None:
    report = Report("none", 1, [score_submission("anna", [])])
    report.submissions[0].exercises.append(
        score_exercise("m.f", 1, False, [TestResult("t", Outcome.PASSED, "")])
    )
    content = json.loads(to_json(report))
    assert {"schema", "isolation", "submissions"} <= set(content)
    (submission,) = content["submissions"]
    assert {"name", "score", "max_score", "exercises"} <= set(submission)
    (exercise,) = submission["exercises"]
    assert {"id", "score", "max_score", "outcome", "tests"} <= set(exercise)
    assert {"name", "outcome", "message", "misconception"} <= set(exercise["tests"][0])


@given(st.text(st.characters(codec=None)))
def test_json_takes_any_text(name: str) -> None:
    text = to_json(Report("none", 1, [SubmissionResult(name, 0, 0, [])]))
    found = json.loads(text.encode("utf-8"))["submissions"][0]["name"]
    assert found == name or not name.isprintable()


def test_json_keeps_chinese_readable() -> None:
    assert "长颈鹿" in to_json(Report("none", 1, [SubmissionResult("长颈鹿", 0, 0, [])]))
