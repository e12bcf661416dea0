"""Checking one's own code and grading submissions: the same examiner, another suite."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from autograder.box import ISOLATION
from autograder.catalog import Exercise
from autograder.diagnosis import name_misconceptions
from autograder.examiner import Target, examine
from autograder.parallel import examiners
from autograder.project import Project
from autograder.results import (
    ExerciseResult,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
)
from autograder.submission import SubmissionError, stage


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
    target = Target("src", project.package)
    suite = project.visible
    tests = examine([target], to_run, suite, catalog, project.root, seed, progress=progress)
    results = []
    for exercise in to_run:
        found = tests["src"][exercise.id]
        if exercise.id in chosen:
            name_misconceptions(exercise, found, suite, catalog, project.root, seed)
            results.append(score_exercise(exercise.id, exercise.points, exercise.stretch, found))
    return Report(ISOLATION, seed, [score_submission("src", results)])


def grade(
    project: Project,
    paths: Sequence[Path],
    exercises: Sequence[Exercise],
    seed: int,
    jobs: int,
) -> Iterator[SubmissionResult]:
    """Run the hidden tests on each submission; results in the order of `paths`.

    Whatever happens, each submission gets a result.
    """
    ids = [exercise.id for exercise in exercises]
    with examiners(jobs) as pool:
        futures = [pool.submit(grade_one, project.root, p, ids, seed) for p in paths]
        for path, future in zip(paths, futures, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield _fault(path, exercises, "the examiner died while grading this submission")
            except Exception as error:
                message = f"the grader failed: {type(error).__name__}: {error}"
                yield _fault(path, exercises, message)


def grade_one(root: Path, path: Path, ids: list[str], seed: int) -> SubmissionResult:
    """Run the hidden tests of these exercises on one submission, in this process."""
    project = Project(root)
    catalog, suite = project.catalog, project.hidden
    exercises = catalog.select(ids)
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        try:
            package = stage(path, Path(folder))
        except SubmissionError as error:
            return _fault(path, exercises, str(error), Outcome.ERROR)
        target = Target(path.name, package, own_needs=False)
        tests = examine([target], exercises, suite, catalog, root, seed)[target.name]
    results = []
    for exercise in exercises:
        name_misconceptions(exercise, tests[exercise.id], suite, catalog, root, seed)
        results.append(
            score_exercise(exercise.id, exercise.points, exercise.stretch, tests[exercise.id])
        )
    return score_submission(path.name, results)


def _fault(
    path: Path,
    exercises: Sequence[Exercise],
    message: str,
    outcome: Outcome = Outcome.GRADER_FAULT,
) -> SubmissionResult:
    results = [
        ExerciseResult(e.id, 0.0, e.points, outcome, [TestResult("submission", outcome, message)])
        for e in exercises
    ]
    for result, exercise in zip(results, exercises, strict=True):
        result.stretch = exercise.stretch
    return score_submission(path.name, results, message)
