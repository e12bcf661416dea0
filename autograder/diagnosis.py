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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest

from autograder import testing
from autograder.catalog import Catalog, Exercise
from autograder.examiner import Examination, Suite, Target, run_suite
from autograder.library import Mistake, load_mistakes
from autograder.results import NO_VERDICT, Outcome, TestResult
from autograder.student import Student
from autograder.submission import read_package
from autograder.transcript import Recorder, Transcript, evidence, same, says_much

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
) -> None:
    """Fill in `misconception` and `see` of results where a known mistake answers the same."""
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
    right, *others = [Target(REFERENCE, reference), *_targets(mistakes.values(), reference)]
    heard = hear([theirs, right, *others], exercise, suite, catalog, root, seed, failed)
    suspects = [o for o in others if is_whole(heard[o.name], failed)]
    if not suspects:
        return
    ends = outcomes(suspects, exercise, suite, catalog, root, seed)
    case = Case(heard[STUDENT], heard[REFERENCE], len(tests))
    for name, path in case.explain({o.name: heard[o.name] for o in suspects}, ends).items():
        mistake = mistakes[path]
        tests[name].misconception = f"{mistake.title} {mistake.why}".strip()
        tests[name].see = mistake.see or catalog.chapter_of(exercise).card_of(exercise)


def is_whole(heard: Mapping[str, Transcript], tests: Collection[str]) -> bool:
    """Whether there is a whole transcript of each test."""
    return all(name in heard and heard[name].is_whole for name in tests)


def _targets(mistakes: Iterable[Mistake], reference: dict[str, bytes]) -> list[Target]:
    return [Target(str(m.path), reference, override=m.path) for m in mistakes]


class Case:
    """What the student's code answered in the tests that it fails, beside the right answers.

    Transcripts go by the name of the test. `n_tests` counts those that it passes as well.
    """

    def __init__(
        self, said: Mapping[str, Transcript], right: Mapping[str, Transcript], n_tests: int
    ) -> None:
        self.said, self.right, self.n_tests = said, right, n_tests
        self.wrong = {test: said[test].differences(right[test]) for test in said}

    def explain(
        self,
        heard: Mapping[str, Mapping[str, Transcript]],
        ends: Mapping[str, Mapping[str, Outcome]],
    ) -> dict[str, str]:
        """Which mistake to name in which failed test.

        One mistake explains the case if it gives the student's answer to each call. Two do so if
        each gives the student's answer where the other is right, and where both are right the
        student is: what happens where both are wrong nobody knows. Named is what explains the
        case alone, or together with one other, and only if nothing else does.

        Args:
            heard: mistake → its transcripts of the failed tests.
            ends: mistake → test → how it ends, of all tests.
        """
        suspects = [_Suspect(name, told, ends[name], self) for name, told in heard.items()]
        suspects = [suspect for suspect in suspects if suspect.fails <= self.wrong.keys()]
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
    """A mistake's answers: test → calls that are wrong, and those of them as the student's code."""

    def __init__(
        self,
        name: str,
        heard: Mapping[str, Transcript],
        ends: Mapping[str, Outcome],
        case: Case,
    ) -> None:
        self.name = name
        self.fails = {t for t, e in ends.items() if e not in NO_VERDICT | {Outcome.PASSED}}
        self.wrong = {t: heard[t].differences(case.right[t]) for t in case.wrong}
        self.alike = {t: self.wrong[t] - heard[t].differences(case.said[t]) for t in case.wrong}


def _name(call: str) -> str:
    return call.partition(" ")[2].removesuffix(" raises")


def _choices(n: int, k: int) -> float:
    """Bits in the choice of k out of n."""
    return math.log2(math.comb(n, k)) if 0 <= k <= n else 0.0


class _Examination(Examination):
    """Some or all tests of one exercise, within tight limits; all but STUDENT are our own code."""

    def __init__(
        self,
        targets: Sequence[Target],
        exercise: Exercise,
        tests: Collection[str] | None,
        suite: Suite,
        catalog: Catalog,
        root: Path,
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
        self.tests = tests

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the chosen tests."""
        super().pytest_collection_modifyitems(items)
        items[:] = [item for item in items if self.tests is None or _test(item) in self.tests]


def outcomes(
    targets: Sequence[Target],
    exercise: Exercise,
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int,
) -> dict[str, dict[str, Outcome]]:
    """How each test of an exercise ends on our own code: target → test → outcome."""
    found = _Examination(targets, exercise, None, suite, catalog, root)
    run_suite(found, seed)
    return {
        name: {r.name: r.outcome for r in by_id[exercise.id] if r.outcome is not Outcome.NO_GPU}
        for name, by_id in found.results.items()
    }


class _Hearing(_Examination):
    """The same, to the end of each test whatever fails, and every answer is written down.

    A mistake is heard only as long as it may be the student's.
    """

    def pytest_configure(self, config: pytest.Config) -> None:
        """Begin with nothing heard."""
        super().pytest_configure(config)
        self.heard: dict[str, dict[str, Transcript]] = {name: {} for name in self.targets}
        self._wrong: dict[str, set[str]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Leave out the other tests of a mistake that is refuted."""
        heard = self.heard[item.callspec.params["target"]]  # type: ignore[attr-defined]
        if all(transcript.is_whole for transcript in heard.values()):
            return super().pytest_runtest_protocol(item, nextitem)
        return True

    @contextmanager
    def open_box(self, item: pytest.Item, elsewhere: bool = False) -> Iterator[Student]:
        """A box whose answers are heard, or for our own code no box."""
        target: str = item.callspec.params["target"]  # type: ignore[attr-defined]
        self.near = target != STUDENT
        heard, test = self.heard[target], _test(item)
        if test not in heard:
            is_free = target in (STUDENT, REFERENCE) or STUDENT not in self.targets
            heard[test] = Transcript() if is_free else Transcript(partial(self._goes_on, test))
        with super().open_box(item, elsewhere) as student, testing.going_on():
            student._package = Recorder(student._package, heard[test])
            yield student

    def _goes_on(self, test: str, call: str, frame: bytes) -> bool:
        """Whether a mistake that answers so may be the student's: right where they are right."""
        said, right = (self.heard[name].get(test) for name in (STUDENT, REFERENCE))
        if not (said and right and said.is_whole):
            return False
        if test not in self._wrong:
            self._wrong[test] = said.differences(right)
        return call in self._wrong[test] or same(frame, right.answers.get(call))


def _test(item: pytest.Item) -> str:
    name: str = item.originalname  # type: ignore[attr-defined]
    return name


def hear(
    targets: Sequence[Target],
    exercise: Exercise,
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int,
    tests: Collection[str] | None = None,
) -> dict[str, dict[str, Transcript]]:
    """What each target answers in some or all tests of an exercise: target → test → transcript.

    The one called STUDENT runs in boxes, and REFERENCE is next: mistakes are compared with both,
    and broken off as soon as they cannot be the student's. The others must be our own code, and
    run in this process.
    """
    hearing = _Hearing(targets, exercise, tests, suite, catalog, root)
    run_suite(hearing, seed)
    return hearing.heard
