"""Naming the misconception behind a wrong answer.

Every known mistake is a small file that says what it gets wrong. If one of them gives the very
answers that the student's code gives, on all inputs of a test that the student's code fails, it is
most likely the same mistake. A false accusation is worse than silence: where there is a doubt,
nothing is named.

Tests that need a GPU are left out: mistakes run in this process, which must not touch one.
"""

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from autograder import testing
from autograder.catalog import Catalog, Exercise
from autograder.examiner import TRIES, Examination, Suite, Target, run_suite
from autograder.library import Mistake, load_mistakes
from autograder.plugin import needs_gpu
from autograder.results import NO_VERDICT, Outcome, TestResult
from autograder.student import Student
from autograder.submission import digest_of, read_package
from autograder.transcript import Recorder, Transcript, evidence, says_much

# A mistake that explains all that failed needs so many bits of evidence; one that explains some
# of it, beside another mistake, needs more.
ENOUGH, EACH = 8.0, 20.0
CPU_S = 2.0  # for a mistake in one test: some compute without end

STUDENT, REFERENCE = "the student", "the reference"  # names of targets
EXPLAINED = (Outcome.WRONG, Outcome.ERROR)  # the ends of a test that a mistake may explain


def name_misconceptions(
    exercise: Exercise,
    results: Sequence[TestResult],
    target: Target,
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int,
    near: bool = False,
) -> None:
    """Fill in `misconception` and `see` of results where a known mistake answers the same.

    With `near` the target, which must be one of these mistakes itself, is in no box either: all of
    them are heard once, and what is said of each follows from that.
    """
    if exercise.tests_for:  # its tests say themselves which of the student's fails on what
        return
    tests = {r.name: r for r in results if r.outcome not in NO_VERDICT and not r.device}
    passed = {name for name, result in tests.items() if result.outcome is Outcome.PASSED}
    failed = [name for name, result in tests.items() if result.outcome in EXPLAINED]
    if not any(tests[name].outcome is Outcome.WRONG for name in failed):
        return  # what only breaks off, or cannot be imported, has given no answer to recognise
    mistakes = {str(m.path): m for m in load_mistakes(root, exercise)}
    if not mistakes or len(failed) + len(passed) < len(tests):
        return
    reference = read_package(root / "solutions" / "langmodels")
    theirs = msgspec.structs.replace(target, name=STUDENT)
    right = Target(REFERENCE, reference)
    library = [Target(name, reference, override=m.path) for name, m in mistakes.items()]
    known = _known(
        exercise.id, seed, _digest(mistakes.values(), reference, exercise, suite, catalog)
    )
    where = exercise, suite, catalog, root, seed
    if near:
        ours = {own.name: own for own in (right, *library)}
        if any(known.get(name, {}).keys() < tests.keys() for name in ours):
            hear([*ours.values()], *where, known=known)
        heard, said = known, {test: known[str(target.override)][test] for test in failed}
    else:
        heard = hear([theirs, right, *library], *where, failed=failed, known=known)
        said = heard[STUDENT]
    for name, path in explain(said, heard, mistakes.keys() & heard.keys(), len(tests)).items():
        mistake = mistakes[path]
        tests[name].misconception = f"{mistake.title} {mistake.why}".strip()
        tests[name].see = mistake.see or catalog.chapter_of(exercise).card_of(exercise)


def explain(
    said: Mapping[str, "Heard"], heard: "Known", library: Collection[str], n_tests: int
) -> dict[str, str]:
    """Which mistake of a library to name in which of the tests that some code fails.

    `said` is what it did in these tests; `n_tests` counts those that it passes as well.
    """

    def is_whole(did: Mapping[str, Heard]) -> bool:
        return all(did[test].transcript.is_whole for test in said)

    right, suspects = heard[REFERENCE], {n: heard[n] for n in library if is_whole(heard[n])}
    if not (suspects and is_whole(said) and is_whole(right)):
        return {}
    return Case(said, right, n_tests).explain(suspects)


class Case:
    """What the student's code answered in the tests that it fails, beside the right answers.

    Both go by the name of the test. `n_tests` counts those that it passes as well.
    """

    def __init__(
        self, said: Mapping[str, "Heard"], right: Mapping[str, "Heard"], n_tests: int
    ) -> None:
        self.said = {test: heard.transcript for test, heard in said.items()}
        self.right = {test: right[test].transcript for test in said}
        self.n_tests = n_tests
        self.wrong = {test: self.said[test].differences(self.right[test]) for test in said}

    def explain(self, heard: Mapping[str, Mapping[str, "Heard"]]) -> dict[str, str]:
        """Which mistake to name in which failed test.

        One mistake explains the case if it gives the student's answer to each call. Two do so if
        each gives the student's answer where the other is right, and where both are right the
        student is: what happens where both are wrong nobody knows. Named is what explains the
        case alone, or together with one other, and only if nothing else does.

        Args:
            heard: mistake → test → what it did there, of all tests.
        """
        fails = {n: {test for test, did in told.items() if did.fails} for n, told in heard.items()}
        possible = [name for name in heard if fails[name] <= self.wrong.keys()]
        suspects = [_Suspect(name, fails[name], heard[name], self) for name in possible]
        for sets in ([(one,) for one in suspects], list(itertools.combinations(suspects, 2))):
            explained = [group for group in sets if self._is_explained_by(group)]
            if explained:
                enough = ENOUGH if len(explained[0]) == 1 else EACH
                sure = all(self._evidence(s, explained[0]) >= enough for s in explained[0])
                return self._names(explained[0]) if sure and len(explained) == 1 else {}
        return {}

    def _is_explained_by(self, group: Sequence["_Suspect"]) -> bool:
        for test, wrong in self.wrong.items():
            if not any(test in suspect.fails for suspect in group):
                return False
            if wrong - set().union(*(suspect.wrong[test] for suspect in group)):
                return False
            if any(self._alone(s, group, test) - s.alike[test] for s in group):
                return False
        return all(any(self._alone(s, group, test) for test in self.wrong) for s in group)

    def _alone(self, suspect: "_Suspect", group: Sequence["_Suspect"], test: str) -> set[str]:
        """The calls on which only this one of the group is wrong."""
        others = (other.wrong[test] for other in group if other is not suspect)
        return suspect.wrong[test].difference(*others)

    def _evidence(self, suspect: "_Suspect", group: Sequence["_Suspect"]) -> float:
        """How much it says, in bits, that the student's code agrees with it."""
        calls = [
            (test, c) for test in self.wrong for c in sorted(self._alone(suspect, group, test))
        ]
        if not calls:
            return 0.0
        said, right = self.said, self.right
        pairs = ((said[t].answers.get(c), right[t].answers.get(c)) for t, c in calls)
        # Which tests fail says something as well, and which of the calls that compute something.
        pattern = _choices(self.n_tests, len({test for test, _ in calls}))
        passed = Counter(
            _name(call)
            for test, wrong in self.wrong.items()
            for call, frame in said[test].answers.items()
            if call not in wrong and says_much(frame)
        )
        failed = Counter(_name(call) for _, call in calls)
        pattern += sum(_choices(passed[name] + count, count) for name, count in failed.items())
        return evidence(pairs) + pattern

    def _names(self, group: Sequence["_Suspect"]) -> dict[str, str]:
        named = {}
        for test, wrong in self.wrong.items():
            to_blame = [suspect for suspect in group if test in suspect.fails]
            if len(to_blame) > 1:  # the test tells of the first
                calls = list(self.said[test].answers | self.right[test].answers)
                first = next((call for call in calls if call in wrong), None)
                to_blame = [suspect for suspect in group if first in suspect.wrong[test]]
            if len(to_blame) == 1:
                named[test] = to_blame[0].name
        return named


class _Suspect:
    """A mistake's answers: test → calls that are wrong, and those of them as the student's code.

    `fails` are the tests that it fails, of all.
    """

    def __init__(
        self, name: str, fails: Set[str], heard: Mapping[str, "Heard"], case: Case
    ) -> None:
        told = {test: heard[test].transcript for test in case.wrong}
        self.name, self.fails = name, fails
        self.wrong = {t: told[t].differences(case.right[t]) for t in told}
        self.alike = {t: self.wrong[t] - told[t].differences(case.said[t]) for t in told}


def _name(call: str) -> str:
    return call.partition(" ")[2].removesuffix(" raises")


def _choices(n: int, k: int) -> float:
    """Bits in the choice of k out of n."""
    return math.log2(math.comb(n, k)) if 0 <= k <= n else 0.0


# --- Hearing ------------------------------------------------------------------------------------


class Heard(NamedTuple):
    """What a package did in one test: what it answered, and whether the test says it is wrong."""

    transcript: Transcript
    fails: bool


Known = dict[str, dict[str, Heard]]  # target → test


@lru_cache(maxsize=32)  # exercises, of which each takes some megabytes
def _known(id: str, seed: int, digest: str) -> Known:
    """What is known of our own code: what it does depends on nothing that is handed in."""
    return {}


def _digest(
    mistakes: Iterable[Mistake],
    reference: Mapping[str, bytes],
    exercise: Exercise,
    suite: Suite,
    catalog: Catalog,
) -> str:
    """A name for all that our own code's answers depend on, but the seed."""
    folder = suite.folder / catalog.chapter_of(exercise).folder.name
    paths = [*(m.path for m in mistakes), *suite.folder.glob("*.py"), *folder.rglob("*.py")]
    return digest_of({str(path): path.read_bytes() for path in paths} | dict(reference))


def hear(
    targets: Sequence[Target],
    exercise: Exercise,
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int,
    failed: Collection[str] = (),
    known: Known | None = None,
) -> Known:
    """What each target does in the tests of an exercise.

    The one called STUDENT runs in boxes, in the tests that it has `failed`, and REFERENCE is next.
    The others must be our own code, and run in this process. Beside a STUDENT only those are heard
    to the end, and come back, that may explain what it does: refuted is what is wrong where the
    student's code is right.

    Args:
        known: what our own code does; what is missing is added.
    """
    hearing = _Hearing(
        targets, exercise, suite, catalog, root, failed, {} if known is None else known
    )
    run_suite(hearing, seed)
    return {name: heard for name, heard in hearing.heard.items() if name not in hearing.refuted}


class _Hearing(Examination):
    """Each test runs to its end, whatever fails, and every answer is written down."""

    def __init__(
        self,
        targets: Sequence[Target],
        exercise: Exercise,
        suite: Suite,
        catalog: Catalog,
        root: Path,
        failed: Collection[str],
        known: Known,
    ) -> None:
        limits = msgspec.structs.replace(exercise.limits, cpu_s=min(CPU_S, exercise.limits.cpu_s))
        exercise = msgspec.structs.replace(exercise, limits=limits)
        super().__init__(
            *(targets, [exercise], suite, catalog.with_exercise(exercise), root),
            progress=lambda result: None,
            near=True,
            device="",
            only_gpu=False,
        )
        self.heard = {n: {} if n == STUDENT else known.setdefault(n, {}) for n in self.targets}
        self.refuted: set[str] = set()
        self._failed, self._beside = failed, STUDENT in self.targets
        self._id = exercise.id
        self._wrong: dict[str, set[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the GPU alone; what the student's code fails comes first, it refutes most."""
        super().pytest_collection_modifyitems(items)
        items[:] = [item for item in items if not needs_gpu(item)]
        items.sort(key=lambda item: _names(item)[1] not in self._failed)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Leave out what is known, and what need not be."""
        if TRIES in item.stash:
            return None
        target, test = _names(item)
        if target in self.refuted:
            return True
        if self._beside and target in (STUDENT, REFERENCE) and test not in self._failed:
            return True
        if test not in self.heard[target]:
            item.stash[HEARD] = Transcript(), []
            super().pytest_runtest_protocol(item, nextitem)
        if self._beside and target not in (STUDENT, REFERENCE) and self._refutes(target, test):
            self.refuted.add(target)
        return True

    @contextmanager
    def open_box(self, item: pytest.Item, elsewhere: bool = False) -> Iterator[Student]:
        """A box whose answers are heard, or for our own code no box."""
        self.near = _names(item)[0] != STUDENT
        transcript, _ = item.stash[HEARD]
        with super().open_box(item, elsewhere) as student, testing.going_on() as missed:
            item.stash[HEARD] = transcript, missed
            student._package = Recorder(student._package, transcript)
            yield student

    def _record(self, item: pytest.Item, error: BaseException | None) -> None:
        super()._record(item, error)
        (target, test), (transcript, missed) = _names(item), item.stash[HEARD]
        outcome = self.results[target][self._id][-1].outcome
        fails = bool(missed) or outcome not in NO_VERDICT | {Outcome.PASSED}
        self.heard[target][test] = Heard(transcript, fails)

    def _refutes(self, mistake: str, test: str) -> bool:
        """Whether the test shows that the student's code does not have this mistake."""
        did = self.heard[mistake][test]
        if test not in self._failed:
            return did.fails
        said, right = self.heard[STUDENT][test].transcript, self.heard[REFERENCE][test].transcript
        if not (said.is_whole and right.is_whole and did.transcript.is_whole):
            return True
        if test not in self._wrong:
            self._wrong[test] = said.differences(right)
        return not did.transcript.differences(right) <= self._wrong[test]


def _names(item: pytest.Item) -> tuple[str, str]:
    """Of the target and of the test."""
    return item.callspec.params["target"], item.originalname  # type: ignore[attr-defined]


HEARD = pytest.StashKey[tuple[Transcript, list[testing.MismatchError]]]()
