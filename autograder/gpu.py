"""Results from a machine with a GPU: made there, signed, and merged into those of `course grade`.

Graders have no GPU, so tests marked gpu wait there with their points open. `run` does them on
a machine that has one and signs what it found with a key that both machines hold; `merge` believes
a file only if the signature, the suite and each submission's files are the right ones. What a
submission contains is never taken for a result.
"""

import copy
import hashlib
import hmac
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from autograder.catalog import Catalog, Exercise
from autograder.errors import CourseError
from autograder.examiner import Target, examine
from autograder.grade import Hire, grade_each, hire
from autograder.project import Project
from autograder.results import (
    ExerciseResult,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    is_boxed,
    printable,
    score_exercise,
    score_submission,
    to_json,
    to_json_line,
    weakest,
)
from autograder.submission import digest_of

SCHEMA = 1
KEY_BYTES = 32


class GpuError(CourseError):
    """What is wrong with a key, a device or a file of results, in one sentence."""


class GpuSubmission(msgspec.Struct, forbid_unknown_fields=True):
    """What the tests that need a GPU said of one submission.

    Attributes:
        digest: of its files, see submission.digest_of.
        tests: exercise → results of its tests that need a GPU.
        flags: exercise → remarks for a person to judge.
        message: why it could not be run; then nothing of it is merged.
    """

    name: str
    digest: str
    tests: dict[str, list[TestResult]]
    flags: dict[str, list[str]]
    message: str


class GpuRun(msgspec.Struct, forbid_unknown_fields=True):
    """A run of these tests: what is signed."""

    device: str
    isolation: str
    seed: int
    suite: str
    submissions: list[GpuSubmission]
    is_rehearsal: bool
    schema: int = SCHEMA


class Device(NamedTuple):
    """An accelerator: "cuda" as torch calls its kind, and a name for people."""

    type: str
    name: str


REHEARSAL = Device("cpu", "cpu: a rehearsal")


# --- Devices and runs --------------------------------------------------------------------------

_ASK = """
import torch
if device := torch.accelerator.current_accelerator(check_available=True):
    name = getattr(torch.get_device_module(device), "get_device_name", str)
    print(device.type, name())
"""


def find_device(wanted: str = "auto") -> Device:
    """This machine's accelerator. Raises GpuError if it has none of the wanted kind.

    Another process looks: one that has touched a GPU cannot fork others that use it.
    """
    command = [sys.executable, "-P", "-s", "-c", _ASK]
    found = subprocess.run(command, capture_output=True, text=True).stdout
    kind, _, name = printable(found).partition(" ")
    if not kind:
        raise GpuError("torch.accelerator sees no GPU on this machine; see course doctor")
    if wanted not in ("auto", kind):
        raise GpuError(f"there is no {wanted} on this machine: torch.accelerator sees {kind}")
    return Device(kind, f"{kind}: {name}" if name else kind)


def run(
    project: Project,
    paths: Sequence[Path],
    exercises: Sequence[Exercise],
    seed: int,
    device: Device,
    isolation: str,
    keep: Callable[[SubmissionResult], None] = lambda result: None,
    elsewhere: Hire | None = None,
) -> GpuRun:
    """Run the hidden tests that need a GPU, here one submission after the other, or `elsewhere`.

    Raises GpuError if the exercises have no such test.
    """
    results: dict[int, SubmissionResult] = {}

    def collect(number: int, result: SubmissionResult) -> None:
        results[number] = result
        keep(result)

    here = hire(project, 1, partial(run_files, device=device))
    grade_each(project, paths, exercises, seed, collect, elsewhere or here)
    found = [_as_found(results[number]) for number in range(len(paths))]
    if not any(part.tests or part.message for part in found):
        raise GpuError("no hidden test of these exercises is marked gpu; there was nothing to run")
    if elsewhere:
        tests = [test for part in found for tests in part.tests.values() for test in tests]
        device = device._replace(name=", ".join(sorted({t.device for t in tests if t.device})))
        isolation = weakest(result.isolation for result in results.values())
    is_rehearsal = device.type == REHEARSAL.type
    digest = project.suite_digest()
    return GpuRun(device.name, isolation, seed, digest, found, is_rehearsal)


def run_files(
    root: Path, name: str, files: dict[str, bytes], ids: list[str], seed: int, device: Device
) -> SubmissionResult:
    """The tests of these exercises that need a GPU, on the files of a submission."""
    project = Project(root)
    exercises = project.catalog.select(ids)
    target = Target(name, files, own_needs=False)
    found = examine(
        *([target], exercises, project.hidden, project.catalog, root, seed),
        device=device.type,
        only_gpu=True,
    )
    results = []
    for exercise in exercises:
        if tests := found.results[target.name][exercise.id]:
            for test in tests:
                test.device = device.name
            result = score_exercise(exercise.id, exercise.points, exercise.stretch, tests)
            result.flags = found.flags(target.name, exercise)
            results.append(result)
    submission = score_submission(name, results)
    submission.digest = digest_of(files)
    return submission


def _as_found(result: SubmissionResult) -> GpuSubmission:
    exercises = [] if result.message else result.exercises
    return GpuSubmission(
        name=result.name,
        digest=result.digest,
        tests={e.id: e.tests for e in exercises},
        flags={e.id: e.flags for e in exercises},
        message=result.message,
    )


# --- Keys and signatures -----------------------------------------------------------------------


class _Signed(msgspec.Struct):
    """The file: `run` as plain data, its signature, and which key made it (not the key)."""

    key: str
    signature: str
    run: dict[str, Any]


def make_key(path: Path) -> None:
    """Write a new key for its owner alone. Raises GpuError if there is such a file already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise GpuError(f"{path} is there already, and a key is never overwritten") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(KEY_BYTES)}\n")


def read_key(path: Path) -> bytes:
    """The key in a file. Raises GpuError if it holds none."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise GpuError(f"{path} holds no key; make one with course gpu key FILE")
    return key


def sealed(run: GpuRun, key: bytes) -> str:
    """The text of a file with the run and its signature."""
    content = msgspec.json.decode(to_json_line(run))
    return to_json(_Signed(_name_of(key), _signature(content, key), content))


def unsealed(path: Path, key: bytes) -> GpuRun:
    """The run in such a file. Raises GpuError if it was not written so with this key."""
    try:
        signed = msgspec.json.decode(path.read_bytes(), type=_Signed)
    except msgspec.DecodeError:
        raise GpuError(f"{path} is no file that course gpu run has written") from None
    if signed.key != _name_of(key):
        raise GpuError(f"{path} was signed with another key")
    if not hmac.compare_digest(signed.signature, _signature(signed.run, key)):
        raise GpuError(f"{path} was altered after course gpu run had signed it")
    try:
        run = msgspec.convert(signed.run, GpuRun)
    except msgspec.ValidationError:
        run = None
    if run is None or run.schema != SCHEMA:
        raise GpuError(f"{path} was written by another version of course; run it with this one")
    return run


def _signature(content: dict[str, Any], key: bytes) -> str:
    """Over the content, however its file is laid out: keys in order, no white space."""
    plain = msgspec.json.encode(content, order="deterministic")
    return hmac.new(key, plain, hashlib.sha256).hexdigest()


def _name_of(key: bytes) -> str:
    return hashlib.sha256(b"course gpu key " + key).hexdigest()[:16]


# --- Merging -----------------------------------------------------------------------------------


def merge(report: Report, run: GpuRun, catalog: Catalog) -> Report:
    """The report with the run's results in the place of those that waited for a GPU.

    A result that was merged before stays, and so does one that never waited, as where the code is
    not written. Where the grader failed, the points stay open; where the clock did not tell,
    a later run may. Raises GpuError, and merges nothing, if anything does not fit.
    """
    if run.suite != report.suite:
        raise GpuError(
            "the GPU run and the grading used different tests, references or catalogs: "
            "run both from the same commit"
        )
    merged = copy.deepcopy(report)
    for part in run.submissions:
        if part.message:
            continue
        named = [s for s in merged.submissions if s.name == part.name]
        if not named:
            raise GpuError(f"{part.name} was run on the GPU and is not in these results")
        graded = [s for s in named if s.digest == part.digest]
        if not graded:
            raise GpuError(
                f"{part.name}: the files that ran on the GPU are not those that were graded"
            )
        for submission in graded:
            _merge_one(submission, part, catalog)
    merged.isolation = _isolation(report.isolation, run)
    return merged


def _merge_one(submission: SubmissionResult, part: GpuSubmission, catalog: Catalog) -> None:
    found = {exercise.id: exercise for exercise in submission.exercises}
    for id, tests in part.tests.items():
        if id not in found or id not in catalog.exercises:
            raise GpuError(f"{part.name}: {id} ran on the GPU and was not graded: use --only")
        old, entry = found[id], catalog.exercises[id]
        new = score_exercise(id, entry.points, entry.stretch, _merged(old, tests, part.name))
        new.integration, new.example = old.integration, old.example
        new.flags = list(dict.fromkeys([*old.flags, *part.flags.get(id, [])]))
        if new.tests != old.tests:
            found[id] = new
    new_total = score_submission(submission.name, list(found.values()))
    for field in ("exercises", "score", "max_score", "open"):
        setattr(submission, field, getattr(new_total, field))


def _merged(exercise: ExerciseResult, results: Sequence[TestResult], who: str) -> list[TestResult]:
    tests = list(exercise.tests)
    for name in dict.fromkeys(result.name for result in results):
        what = f"{who}: {name} of {exercise.id}"
        places = [n for n, test in enumerate(tests) if test.name == name]
        there = [n for n in places if tests[n].outcome is Outcome.NO_GPU or tests[n].device]
        alike = [result for result in results if result.name == name]
        if not places or len(there) not in (0, len(alike)):
            raise GpuError(f"{what} ran on the GPU and is no test of these results")
        for n, result in zip(there, alike, strict=False):
            if result.outcome is Outcome.NO_GPU:
                raise GpuError(f"{what} has no result: it did not run on a GPU either")
            waits = tests[n].outcome in (Outcome.NO_GPU, Outcome.INCONCLUSIVE)
            if not waits and tests[n] != result:
                raise GpuError(f"{what} has another GPU run's result merged already")
            if result.outcome is not Outcome.GRADER_FAULT:
                tests[n] = result
    return tests


def _isolation(graded: str, run: GpuRun) -> str:
    """One line for both runs; the weaker one gives the rung."""
    note = f"GPU tests ({run.device}) {run.isolation}"
    if note in graded:
        return graded
    return f"{graded}; {note}" if is_boxed(run.isolation) else f"none: {note}; others {graded}"
