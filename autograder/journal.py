"""What a run has finished, on the disk before the next result is: `finished.jsonl`.

One line for each result, and lines are only ever added, so old results stay. A later run into the
same folder takes from it what is still valid: a result is known by the digest of the files that
were graded, of all that graded them, and of the exercises; whose files they were makes no
difference. A result of another seed is as valid, for seeds only choose among inputs.
"""

import fcntl
import io
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from autograder.errors import CourseError
from autograder.results import Outcome, SubmissionResult, is_boxed, to_json_line
from autograder.submission import digest_of
from autograder.sync import naming


class JournalError(CourseError):
    """The journal cannot be used; the message says why."""


class Wanted(NamedTuple):
    """Which of the earlier results are good enough.

    Attributes:
        rules: Project.rules_digest().
        exercises: their ids.
        seed: the only one, or None for any.
        unsafe: also results of runs without isolation.
        fresh: none at all: what this run grades begins a new generation of results.
    """

    rules: str
    exercises: Sequence[str]
    seed: int | None = None
    unsafe: bool = False
    fresh: bool = False


class _Head(msgspec.Struct):
    """The part of a line by which it is found. Without a `key` it is never taken again."""

    name: str
    key: str = ""
    generation: int = 1
    seed: int | None = None
    isolation: str = ""


class _Line(SubmissionResult, kw_only=True):
    key: str
    generation: int


class _Place(NamedTuple):
    start: int
    size: int
    name: str


class Journal:
    """The journal of a run; a context manager.

    Attributes:
        taken: how many results were not graded anew.
    """

    def __init__(self, path: Path, wanted: Wanted) -> None:
        self.taken = 0
        self._path, self._wanted = path, wanted
        # By key, and by key and name, as submissions may be alike.
        self._known: dict[tuple[str, ...], _Place] = {}
        self._before: dict[str, _Place] = {}  # by name: the last line of earlier runs
        self._now: dict[int, _Place] = {}  # by number, of this run
        self._generation = 1

    def __enter__(self) -> Self:
        """Raises JournalError if another run writes to it, OSError."""
        with naming(self._path):
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        try:
            self._lock()
            with naming(self._path):
                self._read()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _lock(self) -> None:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise JournalError(
                f"another course grade is writing to {self._path}: wait for its end, or give this "
                "one another --out"
            ) from None
        except OSError:
            pass  # this file system has no locks

    def _read(self) -> None:
        """Find the lines that are wanted; cut off half a line, which a killed run may leave."""
        end = 0
        lines = io.BufferedReader(self._file)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            start, end = end, end + len(line)
            try:
                head = msgspec.json.decode(line, type=_Head)
            except msgspec.DecodeError:
                continue  # not ours
            place = self._before[head.name] = _Place(start, len(line), head.name)
            if head.generation > self._generation:
                self._generation = head.generation
                self._known.clear()
            if head.key and self._is_wanted(head):
                self._remember(head.key, place)
        lines.detach()
        self._file.truncate(end)
        self._file.seek(end)
        if self._wanted.fresh:
            self._generation += 1
            self._known.clear()

    def _remember(self, key: str, place: _Place) -> None:
        self._known[key,] = self._known[key, place.name] = place

    def _is_wanted(self, head: _Head) -> bool:
        is_its_seed = self._wanted.seed in (None, head.seed)
        return is_its_seed and (self._wanted.unsafe or is_boxed(head.isolation))

    def _key(self, digest: str) -> str:
        parts = {"files": digest, "rules": self._wanted.rules}
        parts |= {f"exercise {n}": id for n, id in enumerate(self._wanted.exercises)}
        return digest_of({name: text.encode() for name, text in parts.items()})

    def recall(self, number: int, name: str, digest: str) -> bool:
        """Whether the result of these files is known; then it is that of submission `number`."""
        key = self._key(digest)
        place = self._known.get((key, _spelled(name))) or self._known.get((key,))
        if not place:
            return False
        self.taken += 1
        self._now[number] = place
        if place.name != _spelled(name):  # somebody else's: under this name as well
            result = self._result(place)
            result.name = name
            self.keep(number, result)
        return True

    def keep(self, number: int, result: SubmissionResult) -> None:
        """Put a result on the disk. Raises OSError, which names the file."""
        has_fault = any(
            test.outcome is Outcome.GRADER_FAULT for e in result.exercises for test in e.tests
        )
        key = self._key(result.digest) if result.digest and not has_fault else ""
        fields = {name: getattr(result, name) for name in result.__struct_fields__}
        line = to_json_line(_Line(**fields, key=key, generation=self._generation)).encode() + b"\n"
        with naming(self._path):
            place = _Place(self._file.tell(), len(line), _spelled(result.name))
            while line:
                line = line[self._file.write(line) :]
            os.fsync(self._file.fileno())
        self._now[number] = place
        if key:
            self._remember(key, place)

    def results(self, names: Sequence[str]) -> list[SubmissionResult]:
        """The results of this run in order; `names` as the submissions are called."""
        found = []
        for number, name in enumerate(names):
            result = self._result(self._now[number])
            result.name = name
            found.append(result)
        return found

    def changes(
        self, results: Sequence[SubmissionResult]
    ) -> Iterator[tuple[SubmissionResult, SubmissionResult]]:
        """What was graded in an earlier run and anew, or in other files, since: before and now."""
        count = Counter(place.name for place in self._now.values())
        for number, result in enumerate(results):
            name = self._now[number].name
            before = self._before.get(name)
            # Of submissions of one name nobody knows which was which.
            if before and before != self._now[number] and count[name] == 1:
                yield self._result(before), result

    def _result(self, place: _Place) -> SubmissionResult:
        with naming(self._path):
            line = os.pread(self._file.fileno(), place.size, place.start)
        return _sharing(msgspec.json.decode(line, type=SubmissionResult))


def _spelled(name: str) -> str:
    """The name as a line has it: names of files need not be text."""
    return msgspec.json.decode(to_json_line(name), type=str)


def _sharing(result: SubmissionResult) -> SubmissionResult:
    """The same, with one copy in memory of each text that thousands of results have in common."""
    for exercise in result.exercises:
        exercise.id = sys.intern(exercise.id)
        for test in exercise.tests:
            for field in ("name", "property", "message", "misconception", "see"):
                setattr(test, field, sys.intern(getattr(test, field)))
    return result
