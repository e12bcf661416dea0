"""What was graded is not graded again, unless something that its result depends on has changed."""

import contextlib
from pathlib import Path

import msgspec
import pytest

from autograder.journal import Journal, Wanted
from autograder.results import (
    Outcome,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
)

BOXED = "standard: landlock, seccomp, rlimits; 42 of 42 properties proven"
WANTED = Wanted("rules", ["m.f"])


def graded(
    name: str, digest: str, outcome: Outcome = Outcome.PASSED, seed: int = 1, isolation: str = BOXED
) -> SubmissionResult:
    """What the grader says of a submission of one exercise."""
    tests = [TestResult("test_f", outcome, f"message for {digest}")]
    result = score_submission(name, [score_exercise("m.f", 2, False, tests)])
    result.digest, result.seed, result.isolation = digest, seed, isolation
    return result


@pytest.fixture
def journal(tmp_path):
    """Open the journal for one run after the other."""

    @contextlib.contextmanager
    def opened(wanted: Wanted = WANTED):
        with Journal(tmp_path / "finished.jsonl", wanted) as journal:
            yield journal

    return opened


def lines(tmp_path: Path) -> list[bytes]:
    return (tmp_path / "finished.jsonl").read_bytes().splitlines()


def test_a_later_run_takes_what_is_finished(journal, tmp_path):
    anna, ben = graded("anna", "a"), graded("ben", "b", Outcome.WRONG, seed=5)
    with journal() as first:
        assert not first.recall(0, "anna", "a")
        first.keep(0, anna)
        first.keep(1, ben)
    before = lines(tmp_path)
    with journal() as later:
        assert later.recall(1, "ben", "b")
        assert not later.recall(2, "carl", "c")
        assert later.recall(0, "anna", "a")
        assert later.taken == 2
        assert later.results(["anna", "ben"]) == [anna, ben]  # each with its own seed
        assert not list(later.changes([anna, ben]))
    assert lines(tmp_path) == before


CHANGES = {
    "other files": (WANTED, "b"),
    "another suite": (WANTED._replace(rules="others"), "a"),
    "other exercises": (WANTED._replace(exercises=["m.f", "m.g"]), "a"),
    "a seed that was asked for": (WANTED._replace(seed=2), "a"),
    "all anew": (WANTED._replace(fresh=True), "a"),
}


@pytest.mark.parametrize("wanted, digest", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_graded_again_and_the_old_result_stays(
    journal, tmp_path, wanted, digest
):
    old, new = graded("anna", "a"), graded("anna", digest, Outcome.WRONG, seed=2)
    with journal() as first:
        first.keep(0, old)
    before = lines(tmp_path)
    with journal(wanted) as later:
        assert not later.recall(0, "anna", digest)
        later.keep(0, new)
        assert later.results(["anna"]) == [new]
        assert list(later.changes([new])) == [(old, new)]
    assert lines(tmp_path)[:1] == before
    assert len(lines(tmp_path)) == 2
    with journal(wanted._replace(fresh=False)) as last:
        assert last.recall(0, "anna", digest)
        assert last.results(["anna"]) == [new]


def test_the_same_seed_is_taken(journal):
    with journal() as first:
        first.keep(0, graded("anna", "a", seed=7))
    with journal(WANTED._replace(seed=7)) as later:
        assert later.recall(0, "anna", "a")


def test_a_run_that_begins_anew_can_be_gone_on_with(journal):
    """Of the results before it none is taken any more, of its own all."""
    with journal() as old:
        old.keep(0, graded("anna", "a"))
        old.keep(1, graded("ben", "b"))
    with journal(WANTED._replace(fresh=True)) as broken_off:
        assert not broken_off.recall(0, "anna", "a")
        broken_off.keep(0, graded("anna", "a"))
    with journal() as later:
        assert later.recall(0, "anna", "a")
        assert not later.recall(1, "ben", "b")


def test_what_ran_without_isolation_is_for_such_runs_only(journal):
    with journal(WANTED._replace(unsafe=True)) as unsafe:
        unsafe.keep(0, graded("anna", "a", isolation="none: not proven, and run with --unsafe"))
    with journal() as boxed:
        assert not boxed.recall(0, "anna", "a")
    with journal(WANTED._replace(unsafe=True)) as unsafe:
        assert unsafe.recall(0, "anna", "a")


def test_a_fault_of_the_grader_is_graded_again(journal):
    with journal() as first:
        first.keep(0, graded("anna", "a", Outcome.GRADER_FAULT))
    with journal() as later:
        assert not later.recall(0, "anna", "a")


def test_two_who_hand_in_the_same_are_graded_once(journal, tmp_path):
    anna = graded("anna", "a", Outcome.WRONG)
    with journal() as one:
        one.keep(0, anna)
        assert one.recall(1, "ben", "a")
        ben = msgspec.structs.replace(anna, name="ben")
        assert one.results(["anna", "ben"]) == [anna, ben]
    before = lines(tmp_path)
    assert len(before) == 2
    with journal() as later:  # and nothing more is written
        assert later.recall(0, "anna", "a")
        assert later.recall(1, "ben", "a")
        assert not list(later.changes(later.results(["anna", "ben"])))
    assert lines(tmp_path) == before


@pytest.mark.parametrize("name", ['Zoë O\'Brien "Z"', "李 雷", "🦒 .zip", "a\nb", "\udcff", "##["])
def test_any_name_is_found_again(journal, name):
    result = graded(name, "a")
    with journal() as first:
        first.keep(0, result)
    with journal() as later:
        assert later.recall(0, name, "a")
        assert later.results([name]) == [result]
        assert not list(later.changes([result]))


def test_half_a_line_is_cut_off_wherever_it_ends(tmp_path):
    """A run that is killed, or a disk that is full, leaves it; nothing before it is lost."""
    path = tmp_path / "finished.jsonl"
    anna, ben = graded("anna", "a"), graded("ben", "b")
    with Journal(path, WANTED) as journal:
        journal.keep(0, anna)
        whole = path.stat().st_size
        journal.keep(1, ben)
    content = path.read_bytes()
    for size in range(whole, len(content)):
        path.write_bytes(content[:size])
        with Journal(path, WANTED) as journal:
            assert journal.recall(0, "anna", "a")
            assert not journal.recall(1, "ben", "b")
            journal.keep(1, ben)
            assert journal.results(["anna", "ben"]) == [anna, ben]
        assert path.read_bytes() == content


def test_lines_of_others_stay_and_are_no_results(tmp_path):
    path = tmp_path / "finished.jsonl"
    others = b'not JSON\n[1]\n{"name": "anna"}\n'
    path.write_bytes(others)
    with Journal(path, WANTED) as journal:
        assert not journal.recall(0, "anna", "a")
        journal.keep(0, graded("anna", "a"))
    assert path.read_bytes().startswith(others)
    with Journal(path, WANTED) as journal:
        assert journal.recall(0, "anna", "a")


def test_of_two_submissions_of_one_name_no_change_is_told(journal):
    """Nobody knows which was which."""
    with journal() as first:
        first.keep(0, graded("anna", "a"))
        first.keep(1, graded("anna", "b", Outcome.WRONG))
    with journal() as later:
        later.keep(0, graded("anna", "c", Outcome.WRONG))
        assert later.recall(1, "anna", "b")
        results = later.results(["anna", "anna"])
        assert [result.digest for result in results] == ["c", "b"]
        assert not list(later.changes(results))
