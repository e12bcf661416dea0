"""Scores: weights, stretch, grader faults, what a student may see, JSON."""

import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.results import (
    GRADER_FAILED,
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
    student_report,
    to_json,
    to_json_line,
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


def test_an_inconclusive_test_counts_neither_for_nor_against_and_is_not_loud() -> None:
    unclear = test(Outcome.INCONCLUSIVE, 5)
    found = score_exercise("m.f", 3, False, [unclear, test(Outcome.PASSED)])
    assert (found.score, found.max_score, found.outcome) == (3, 3, Outcome.INCONCLUSIVE)
    found = score_exercise("m.f", 3, False, [unclear, test(Outcome.PASSED), test(Outcome.WRONG)])
    assert (found.score, found.max_score, found.outcome) == (1.5, 3, Outcome.WRONG)
    found = score_exercise("m.f", 3, False, [unclear])
    assert (found.score, found.max_score, found.outcome) == (0, 0, Outcome.INCONCLUSIVE)


def test_the_outcome_is_that_of_the_first_test_that_did_not_pass() -> None:
    found = [test(Outcome.PASSED), test(Outcome.TIMEOUT), test(Outcome.WRONG)]
    assert score_exercise("m.f", 1, False, found).outcome is Outcome.TIMEOUT


@given(st.lists(tests, max_size=6), st.integers(0, 20))
def test_a_score_is_between_nothing_and_all(found: list[TestResult], points: int) -> None:
    result = score_exercise("m.f", points, False, found)
    assert 0 <= result.score <= result.max_score <= points
    if any(t.outcome is Outcome.PASSED for t in found) and result.outcome is Outcome.PASSED:
        assert result.score == result.max_score
    if result.max_score:
        assert result.max_score + result.open == pytest.approx(points)


@given(st.lists(exercises, max_size=6))
def test_stretch_adds_to_the_score_and_not_to_the_maximum(found: list[ExerciseResult]) -> None:
    result = score_submission("anna", found)
    assert result.score == pytest.approx(sum(e.score for e in found))
    assert result.max_score == pytest.approx(sum(e.max_score for e in found if not e.stretch))
    assert result.open == pytest.approx(sum(e.open for e in found if not e.stretch))


def test_sums_are_rounded_as_people_write_them() -> None:
    thirds = [score_exercise("m.f", points, False, [test(Outcome.PASSED)]) for points in (0.1, 0.2)]
    result = score_submission("anna", thirds)
    assert (result.score, result.max_score) == (0.3, 0.3)


def test_a_student_sees_inputs_of_visible_tests_only_and_no_log() -> None:
    mismatch = Mismatch("given", "expected", "got")
    shown = TestResult("a", Outcome.WRONG, "m", mismatch=mismatch, log="log", visible=True)
    hidden = TestResult("b", Outcome.WRONG, "m", mismatch=mismatch, log="log")
    original = score_submission("anna", [score_exercise("m.f", 1, False, [shown, hidden])])
    first, second = for_student(original).exercises[0].tests
    assert (first.mismatch, second.mismatch) == (mismatch, None)
    assert first.log == second.log == ""
    assert hidden.log and hidden.mismatch  # the original is untouched


def test_a_student_gets_their_own_result_and_no_seed() -> None:
    anna, berta = (score_submission(name, []) for name in ("anna", "berta"))
    report = Report("standard: landlock", 7, [anna, berta])
    assert student_report(report, berta) == Report("standard: landlock", None, [berta])
    assert "7" not in to_json(student_report(report, berta))
    assert (report.seed, len(report.submissions)) == (7, 2)


@pytest.mark.parametrize("visible", [False, True])
def test_a_student_does_not_read_why_the_grader_failed_on_a_hidden_test(visible: bool) -> None:
    why = "the grader failed: RuntimeError: in test_counting.py, line 9: expected = 42"
    fault = TestResult("t", Outcome.GRADER_FAULT, why, visible=visible)
    result = score_submission("anna", [score_exercise("m.f", 1, False, [fault])], message=why)
    seen = for_student(result)
    assert seen.exercises[0].tests[0].message == seen.message == (why if visible else GRADER_FAILED)
    assert for_student(score_submission("anna", result.exercises)).message == ""


def test_a_student_reads_why_a_submission_could_not_be_taken_in() -> None:
    broken = TestResult("submission", Outcome.ERROR, "there is no langmodels/")
    exercises = [score_exercise("m.f", 1, False, [broken])]
    seen = for_student(score_submission("anna", exercises, "there is no langmodels/"))
    assert seen.message == seen.exercises[0].tests[0].message == "there is no langmodels/"


def test_what_the_box_refused_is_told_once_and_in_no_order_of_the_code_s_choice() -> None:
    asked = TestResult("t", Outcome.WRONG, "m", attempts=["network", "files", "network"])
    seen = for_student(score_submission("anna", [score_exercise("m.f", 1, False, [asked])]))
    assert seen.exercises[0].tests[0].attempts == ["files", "network"]


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
    assert found == re.sub("[\ud800-\udfff]", lambda c: rf"\u{ord(c[0]):x}", name)
    assert not re.search("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]|##", text)


@pytest.mark.parametrize("name", ["anna", "\ud800", "a\n\u2028\x85##[group]b"])
def test_one_line_of_json_is_one_line(name: str) -> None:
    result = SubmissionResult(name, 0, 0, [])
    line = to_json_line(result)
    assert len(line.splitlines()) == 1
    again = msgspec.json.decode(line, type=SubmissionResult)
    assert again.name == name.replace("\ud800", r"\ud800")
    assert json.loads(to_json_line(Report("none", 1, [result]))) == json.loads(
        to_json(Report("none", 1, [result]))
    )


def test_json_keeps_chinese_readable() -> None:
    assert "长颈鹿" in to_json(Report("none", 1, [SubmissionResult("长颈鹿", 0, 0, [])]))
