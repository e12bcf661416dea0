"""Checking one's own code and grading submissions: the same examiner, another suite."""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from autograder.catalog import Exercise
from autograder.diagnosis import name_misconceptions
from autograder.errors import CourseError
from autograder.examiner import Examination, Suite, Target, examine
from autograder.parallel import examiners
from autograder.project import Project
from autograder.results import (
    ExerciseResult,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    printable,
    score_exercise,
    score_submission,
)
from autograder.submission import SubmissionError, digest_of, read_package, read_submission

EXAMPLE_SEEDS = 3  # each runs the visible tests of what is wrong once more
EXAMINER_DIED = "the examiner died while grading this submission"


class FaultError(CourseError):
    """A submission could not be graded; the message says why, and it is the grader's fault."""


class RunBrokenOffError(CourseError):
    """Nothing more can be graded in this run; what is finished is kept."""


GradeOne = Callable[[Path, Path, list[str], int], SubmissionResult]
# (root, name, files, ids, seed): the same, of a submission that has been read.
GradeFiles = Callable[[Path, str, dict[str, bytes], list[str], int], SubmissionResult]


class Crew(NamedTuple):
    """Those who grade.

    Attributes:
        submit: has a submission graded: its path, and its files as they were read.
        width: how many may be under way.
        takes_broken: whether also submissions that cannot be read, which then have no files.
    """

    submit: Callable[[Path, dict[str, bytes]], Future[SubmissionResult]]
    width: Callable[[], int]
    takes_broken: bool = False


# Hires those who grade these exercises with this seed.
Hire = Callable[[list[str], int], AbstractContextManager[Crew]]


def check(
    project: Project,
    exercises: Sequence[Exercise],
    seed: int,
    progress: Callable[[TestResult], None] = lambda result: None,
) -> Report:
    """Run the visible tests on the student's own package in src/.

    What an exercise builds on is checked as well, first; the report holds the chosen ones.
    """
    catalog = project.catalog
    chosen = {e.id for e in exercises}
    needed = {id for e in exercises for id in catalog.needed_by(e)}
    to_run = [e for e in catalog.exercises.values() if e.id in chosen | needed]
    target = Target("src", read_package(project.package / "langmodels"))
    suite = project.visible
    found = examine([target], to_run, suite, catalog, project.root, seed, progress=progress)
    results = [
        judge(project, exercise, found, "src", suite, seed)
        for exercise in to_run
        if exercise.id in chosen
    ]
    return Report("practice: your own code", seed, [score_submission("src", results)])


def grade(
    project: Project,
    paths: Sequence[Path],
    exercises: Sequence[Exercise],
    seed: int,
    jobs: int,
    keep: Callable[[SubmissionResult], None] = lambda result: None,
    one: GradeOne | None = None,
) -> list[SubmissionResult]:
    """Run the hidden tests on each submission; results in the order of `paths`.

    Whatever happens, each submission gets a result. `keep` has it at once, whichever comes first.
    `one` does it for a single submission, in a process of its own: by default `grade_one`.
    """
    results: dict[int, SubmissionResult] = {}

    def collect(number: int, result: SubmissionResult) -> None:
        results[number] = result
        keep(result)

    @contextmanager
    def by_path(ids: list[str], seed: int) -> Iterator[Crew]:
        assert one
        with examiners(jobs) as pool:
            yield Crew(
                lambda path, _: pool.submit(one, project.root, path, ids, seed),
                lambda: 2 * jobs,
                takes_broken=True,
            )

    grade_each(project, paths, exercises, seed, collect, by_path if one else hire(project, jobs))
    return [results[number] for number in range(len(paths))]


def hire(project: Project, jobs: int, by: GradeFiles | None = None) -> Hire:
    """Processes of this machine, `jobs` at a time; `by` grades in them, else `grade_files`."""

    @contextmanager
    def crew(ids: list[str], seed: int) -> Iterator[Crew]:
        with examiners(jobs) as pool:
            yield Crew(
                lambda path, files: pool.submit(
                    by or grade_files, project.root, path.name, files, ids, seed
                ),
                lambda: 2 * jobs,  # nobody waits for the next one to be read
            )

    return crew


def grade_each(
    project: Project,
    paths: Sequence[Path],
    exercises: Sequence[Exercise],
    seed: int,
    keep: Callable[[int, SubmissionResult], None],
    hire: Hire,
    is_known: Callable[[int, str, str], bool] = lambda number, name, digest: False,
) -> None:
    """Run the hidden tests on each submission, and hold no result: `keep` has each at once.

    Whatever happens, each submission gets a result. A submission has the number of its path;
    one that `is_known` by its name and the digest of its files is not graded.
    """
    ids = [exercise.id for exercise in exercises]
    done: set[int] = set()

    def finish(number: int, result: SubmissionResult) -> None:
        keep(number, result)
        done.add(number)

    def run(numbers: Iterable[int], width: int | None = None) -> None:
        waiting = iter(numbers)
        under_way: dict[Future[SubmissionResult], int] = {}
        with hire(ids, seed) as crew:
            while True:
                while len(under_way) < (width or crew.width()):
                    if (number := next(waiting, None)) is None:
                        break
                    path = paths[number]
                    try:
                        files = read_submission(path)
                    except SubmissionError as error:
                        if not crew.takes_broken:
                            finish(number, _fault(path.name, exercises, str(error), Outcome.ERROR))
                            continue
                        files = {}
                    if is_known(number, path.name, digest_of(files)):
                        done.add(number)
                        continue
                    under_way[crew.submit(path, files)] = number
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    number = under_way.pop(future)
                    result = _result_of(future, paths[number].name, exercises)
                    result.seed = seed
                    finish(number, result)

    numbers = range(len(paths))
    for _ in range(2):  # somebody may have killed an examiner, and does so once
        if left := [number for number in numbers if number not in done]:
            with suppress(BrokenProcessPool):
                run(left)
    # One submission ends examiners; alone with theirs, the others find out which.
    for number in numbers:
        if number not in done:
            try:
                run([number], width=1)
            except BrokenProcessPool:
                finish(number, _fault(paths[number].name, exercises, EXAMINER_DIED))


def _result_of(
    future: Future[SubmissionResult], name: str, exercises: Sequence[Exercise]
) -> SubmissionResult:
    try:
        return future.result()
    except (BrokenProcessPool, RunBrokenOffError):
        raise
    except FaultError as error:
        return _fault(name, exercises, str(error))
    except Exception as error:
        return _fault(name, exercises, f"the grader failed: {type(error).__name__}: {error}")


def grade_one(root: Path, path: Path, ids: list[str], seed: int) -> SubmissionResult:
    """Run the hidden tests of these exercises on the submission at a path, in this process."""
    try:
        files = read_submission(path)
    except SubmissionError as error:
        exercises = Project(root).catalog.select(ids)
        return _fault(path.name, exercises, str(error), Outcome.ERROR)
    return grade_files(root, path.name, files, ids, seed)


def grade_files(
    root: Path, name: str, files: dict[str, bytes], ids: list[str], seed: int
) -> SubmissionResult:
    """The same on the files of a submission."""
    project = Project(root)
    catalog, suite = project.catalog, project.hidden
    exercises = catalog.select(ids)
    target = Target(name, files, own_needs=False)
    found = examine([target], exercises, suite, catalog, root, seed)
    results = [judge(project, e, found, target.name, suite, seed) for e in exercises]
    _integrate(project, files, exercises, results, seed)
    digest = digest_of(files)
    add_examples(project, target, results, digest)
    result = score_submission(name, results)
    result.digest = digest
    return result


def judge(
    project: Project,
    exercise: Exercise,
    found: Examination,
    target: str,
    suite: Suite,
    seed: int,
    near: bool = False,
) -> ExerciseResult:
    """Score what was found of one exercise, with all that a person is told about it.

    With `near` the target, which must be a mistake of the library, is in no box.
    """
    tests = found.results[target][exercise.id]
    where = suite, project.catalog, project.root, seed
    name_misconceptions(exercise, tests, found.targets[target], *where, near)
    result = score_exercise(exercise.id, exercise.points, exercise.stretch, tests)
    result.flags = found.flags(target, exercise)
    return result


def _integrate(
    project: Project,
    files: dict[str, bytes],
    exercises: Sequence[Exercise],
    results: Sequence[ExerciseResult],
    seed: int,
) -> None:
    """The second pass: what passes on the reference's shoulders, does it on the student's own?

    Only exercises on which no other builds are run again; whatever is below them takes part.
    """
    passed = {result.id for result in results if result.outcome is Outcome.PASSED}
    chosen = {result.id for result in results}
    catalog = project.catalog
    below = {id for exercise in exercises for id in exercise.needs}
    alone = []
    for exercise, result in zip(exercises, results, strict=True):
        needs = set(catalog.needed_by(exercise)) & chosen
        # Tests have been run on the student's own shoulders already.
        if not needs or exercise.id in below or exercise.tests_for:
            continue
        if exercise.id in passed and needs <= passed:
            alone.append(exercise)
        else:
            result.integration = Outcome.NOT_RUN if exercise.id in passed else result.outcome
    target = Target("own", files)
    found = examine([target], alone, project.hidden, catalog, project.root, seed).results["own"]
    for result in results:
        if result.id in found:
            result.integration = score_exercise(result.id, 1, False, found[result.id]).outcome


def add_examples(
    project: Project,
    target: Target,
    results: Sequence[ExerciseResult],
    digest: str,
    near: bool = False,
) -> None:
    """Show what is wrong on inputs that a student may see: the smallest that visible tests draw.

    The seeds come from the submission, so nothing here tells of the run's seed or its inputs.
    With `near` the target, which must be our own code, is in no box.
    """
    wrong = {
        result.id: result
        for result in results
        # Where the tests are the student's own, the message says which fails on what.
        if result.outcome is Outcome.WRONG and not project.catalog.exercises[result.id].tests_for
    }
    target = msgspec.structs.replace(target, stop=True)  # small inputs come first
    drawn = list(wrong)
    for number in range(EXAMPLE_SEEDS):
        if not drawn:
            return
        seed = int(hashlib.sha256(f"{digest} {number}".encode()).hexdigest()[:8], 16)
        exercises = project.catalog.select(drawn)
        try:
            found = examine(
                *([target], exercises, project.visible, project.catalog, project.root, seed),
                near=near,
            )
        except Exception as error:  # the scores are known, and stay
            for id in drawn:
                what = f"no example: its visible tests ended with {type(error).__name__}"
                wrong[id].flags.append(what)
            return
        for exercise in exercises:
            result, tests = wrong[exercise.id], found.results[target.name][exercise.id]
            failed = [result.example, *tests] if result.example else tests
            result.example = min((t for t in failed if t.mismatch), key=_size, default=None)
        drawn = [id for id in drawn if id in found.drawn]


def _size(test: TestResult) -> tuple[int, int]:
    """How much there is to look at: numbers in the answer, then characters."""
    seen = test.mismatch
    assert seen
    shape = seen.picture.shape if seen.picture else []
    return math.prod(shape), len(seen.given + seen.expected + seen.got)


def _fault(
    name: str,
    exercises: Sequence[Exercise],
    message: str,
    outcome: Outcome = Outcome.GRADER_FAULT,
) -> SubmissionResult:
    message = printable(message)
    results = [
        score_exercise(e.id, e.points, e.stretch, [TestResult("submission", outcome, message)])
        for e in exercises
    ]
    return score_submission(name, results, message)
