"""What was proven of each exercise: kept for as long as it holds, and recorded for the book.

A proof is kept below build/proofs/ under a digest of all that it depends on, so that only what has
changed is proven anew. The record, book/grader.json, is what the book shows. It is public: it
holds counts, and never what a mistake, a mutant or a hidden test is called.
"""

import ast
import random
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from statistics import median

import msgspec

from autograder.catalog import Catalog, Exercise
from autograder.errors import CourseError
from autograder.project import GRADER, grader_files
from autograder.submission import digest_of, read_package
from autograder.sync import write_text

SCHEMA = 1
RECORD = Path("book", "grader.json")
BAR = 0.98  # of the mutants that are not equivalent, the share that must be caught

# What decides whether an answer is right, and which wrong answers are tried.
JUDGES = ("testing.py", "nulls.py", "mutants.py")
JUDGES_OF_COSTS = ("measure.py", "meter.py")  # where a test counts them
JUDGES_OF_TESTS = ("testbed.py", "trials.py")  # where a student writes tests
NAMERS = ("diagnosis.py", "transcript.py")  # what calls a mistake by its name


class Share(msgspec.Struct):
    """How many of how many, and the names of the rest."""

    good: int
    all: int
    rest: list[str] = []

    def __str__(self) -> str:
        return f"{self.good}/{self.all}"


class Mutants(Share):
    """Of the mutants that ran, those that were caught; `equivalent` more can be caught by none."""

    equivalent: int = 0


class Feedback(msgspec.Struct):
    """What a student is told of each mistake, had they handed it in.

    Attributes:
        named: the mistakes that the feedback calls by their misconception.
        lengths: of the exercise's section in the feedback page, in words and signs, for each
            mistake; sorted.
        median: of the lengths.
        longest: of the lengths.
        digest: see `digest`, with what names mistakes.
    """

    named: Share
    lengths: list[int]
    median: float = 0
    longest: int = 0
    digest: str = ""

    def __post_init__(self) -> None:
        self.lengths.sort()
        self.median = median(self.lengths or [0])
        self.longest = max(self.lengths, default=0)


class Proof(msgspec.Struct, omit_defaults=True):
    """What was proven of one exercise. `problems` is empty where everything holds.

    Attributes:
        id: the exercise.
        visible_tests: how many there are.
        hidden_tests: how many there are.
        mistakes: the wrong solutions of the library that a hidden test catches.
        nulls: the answers without content that a hidden test catches.
        alternatives: the other right solutions that pass.
        repeats: runs of the reference and the alternatives with other seeds that passed; the rest
            are flakes.
        seconds: how long the proof took.
        command: what proved it, without the names of exercises.
        date: when, as in 2026-01-31.
        versions: of Python and torch.
        mutants: the changes of the reference that a hidden test catches, if they were run.
        feedback: left out by a quick run.
        kept: whether it is of an earlier run, and nothing has changed since.
        digest: see `digest`; of the exercise as it was when the proof began.
    """

    id: str
    visible_tests: int
    hidden_tests: int
    mistakes: Share
    nulls: Share
    alternatives: Share
    repeats: Share
    seconds: float
    problems: list[str]
    command: str = ""
    date: str = ""
    versions: str = ""
    mutants: Mutants | None = None
    feedback: Feedback | None = None
    kept: bool = False
    digest: str = ""

    @property
    def flakes(self) -> str:
        """As in "0/16": how many of the repeated runs did not pass."""
        return f"{self.repeats.all - self.repeats.good}/{self.repeats.all}"


class Proofs(msgspec.Struct):
    """What `course verify --json` prints."""

    exercises: list[Proof]
    schema: int = SCHEMA


def total(proofs: Sequence[Proof], name: str = "") -> Proof:
    """All of them added up, as if it were one exercise; counts only."""

    def added(shares: Iterable[Share]) -> tuple[int, int]:
        pairs = [(share.good, share.all) for share in shares]
        return sum(good for good, _ in pairs), sum(all for _, all in pairs)

    ran = [p.mutants for p in proofs if p.mutants]
    told = [p.feedback for p in proofs if p.feedback]
    mutants = Mutants(*added(ran), equivalent=sum(m.equivalent for m in ran))
    lengths = [length for feedback in told for length in feedback.lengths]
    return Proof(
        id=name,
        visible_tests=sum(p.visible_tests for p in proofs),
        hidden_tests=sum(p.hidden_tests for p in proofs),
        mistakes=Share(*added(p.mistakes for p in proofs)),
        nulls=Share(*added(p.nulls for p in proofs)),
        alternatives=Share(*added(p.alternatives for p in proofs)),
        repeats=Share(*added(p.repeats for p in proofs)),
        seconds=round(sum(p.seconds for p in proofs), 1),
        problems=[problem for p in proofs for problem in p.problems],
        mutants=mutants if ran else None,
        feedback=Feedback(Share(*added(f.named for f in told)), lengths) if told else None,
    )


# --- Kept ---------------------------------------------------------------------------------------


def place(root: Path, catalog: Catalog, exercise: Exercise, command: str) -> Path:
    """Where the proof by `command` of the exercise, as it is now, is kept.

    The name changes with all that may have a part in the proof: what `digest` names, the whole of
    the grader and of the lock file, the entries in the catalog, Python, torch, and the command.
    """
    files = _parts(root, catalog, exercise)
    files |= {f"grader/{name}": text for name, text in grader_files().items()}
    for path in root.glob("requirements.lock"):
        files[path.name] = path.read_bytes()
    files["catalog"] = msgspec.json.encode(_with_needs(catalog, exercise), order="sorted")
    files["arguments"] = "\n".join([sys.version, version("torch"), command]).encode()
    return root / "build" / "proofs" / f"{exercise.id}-{digest_of(files)[:20]}.json"


def digest(root: Path, catalog: Catalog, exercise: Exercise, named: bool = False) -> str:
    """A name for what the figures of an exercise follow from: the same on every machine.

    Those of the feedback, `named`, follow from what names mistakes as well.

    It changes with its tests and what stands beside them; the modules of the reference that take
    part; its mistakes, alternatives and marked mutants; what its entry in the catalog and those of
    its needs say of running it; the pinned versions of the packages that all of these name; and
    the modules of the grader that judge. Why not with others: docs/decisions/0014-the-record.md.
    """
    files = _parts(root, catalog, exercise)
    words = {word.lower() for name, text in files.items() for word in _words(name, text)}
    counts = any(b"autograder.measure" in text for text in files.values())
    judges = JUDGES + JUDGES_OF_COSTS * counts + JUDGES_OF_TESTS * bool(exercise.tests_for)
    for name in judges + NAMERS * named:
        files[f"grader/{name}"] = (GRADER / name).read_bytes()
    lock = "".join(path.read_text(encoding="utf-8") for path in root.glob("requirements.lock"))
    pins = re.findall(r"^([\w.-]+)==(\S+)", lock, re.M)
    used = [pin for pin in pins if re.sub(r"[-.]+", "_", pin[0].lower()) in words]
    run = [(e.id, e.forbids, e.waived, e.limits) for e in _with_needs(catalog, exercise)]
    files["pins and catalog"] = msgspec.json.encode([sorted(used), run], order="sorted")
    return digest_of(files)[:20]


def _with_needs(catalog: Catalog, exercise: Exercise) -> list[Exercise]:
    return [exercise, *(catalog.exercises[id] for id in catalog.needed_by(exercise))]


def _parts(root: Path, catalog: Catalog, exercise: Exercise) -> dict[str, bytes]:
    """The files that take part in a proof beside the grader: name → content."""
    chapter = catalog.chapter_of(exercise).folder.name
    of = [exercise.id, *([exercise.tests_for] if exercise.tests_for else [])]
    patterns = [
        *("conftest.py", "autograder/conftest.py"),
        *("autograder/hidden/*.py", f"autograder/hidden/{chapter}/**/*"),
        *("exercises/*.py", f"exercises/{chapter}/**/*.py"),
        f"autograder/mistakes/{exercise.module}/*.toml",
        *(f"autograder/mistakes/{id.replace('.', '/')}/*.py" for id in of),
        *(f"autograder/alternatives/{id.replace('.', '/')}/*.py" for id in of),
    ]
    paths = {path for pattern in patterns for path in root.glob(pattern) if _is_source(path)}
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    files = {n: t for n, t in files.items() if not _is_of_others(n, t, exercise)}
    used = {e.module for e in _with_needs(catalog, exercise)}
    used |= {word for name, text in files.items() for word in _words(name, text)}
    for package in ("solutions", "src"):
        for name, text in _modules(root / package / "langmodels", used).items():
            files[f"{package}/{name}"] = text
    return files


def _is_of_others(name: str, text: bytes, exercise: Exercise) -> bool:
    """Whether a file has tests, of either suite, and none of the exercise's."""
    path = Path(name)
    is_tests = path.name.startswith("test_") and path.parent.parent.name in {"hidden", "exercises"}
    return is_tests and not exercise.is_tested_in(text.decode())


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def _modules(package: Path, used: set[str]) -> dict[str, bytes]:
    """The modules of a package that are used, and those that they use in turn."""
    files = read_package(package)
    found: dict[str, bytes] = {}
    waiting = {"__init__", *used}
    while waiting:
        here = {n: t for n, t in files.items() if Path(n).stem in waiting and n not in found}
        found |= here
        waiting = {word for name, text in here.items() for word in _words(name, text)}
    return found


@cache
def _words(name: str, text: bytes) -> frozenset[str]:
    """Every word by which code may mean a module: in imports, as attributes, and in texts.

    Too many rather than too few: a module that is named and not used costs a proof, no more.
    """
    if not name.endswith(".py"):
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(attr=word):
                found.add(word)
            case ast.alias(name=word) | ast.ImportFrom(module=str(word)):
                found |= set(word.split("."))
            case ast.Constant(value=str(word)):
                found |= set(re.findall(r"langmodels\.(\w+)", word))
    return frozenset(found)


def recall(path: Path) -> Proof | None:
    """The proof that is kept there; None where there is none, or none that can be read."""
    try:
        proof = msgspec.json.decode(path.read_bytes(), type=Proof)
    except (OSError, msgspec.DecodeError):
        return None
    return msgspec.structs.replace(proof, kept=True)


def keep(proof: Proof, path: Path) -> None:
    """Keep a proof there."""
    write_text(path, msgspec.json.encode(proof).decode())


# --- Recorded -----------------------------------------------------------------------------------


class Published(msgspec.Struct):
    """What another course's tests caught of mutants made by hand."""

    suite: str
    mutants: Share


class Record(msgspec.Struct):
    """The figures in the book: book/grader.json."""

    exercises: list[Proof]
    published: list[Published]
    schema: int = SCHEMA


class RecordError(CourseError):
    """The record cannot be read; the message says what to do."""


def read_record(root: Path) -> Record:
    """The record. Raises RecordError where it is none, OSError where there is none."""
    try:
        return msgspec.json.decode((root / RECORD).read_bytes(), type=Record)
    except msgspec.DecodeError as error:
        raise RecordError(f"{RECORD} is damaged: put it back as it was ({error})") from None


def recorded_seconds(root: Path) -> dict[str, float]:
    """How long each proof in the record took; nothing where there is no record."""
    if not (root / RECORD).exists():
        return {}
    return {proof.id: proof.seconds for proof in read_record(root).exercises}


def stale(root: Path, catalog: Catalog, exercises: Iterable[Exercise]) -> list[Exercise]:
    """Those that the record does not hold as they are now."""
    recorded = {proof.id: proof.digest for proof in read_record(root).exercises}
    return [e for e in exercises if recorded.get(e.id) != digest(root, catalog, e)]


def untold(root: Path, catalog: Catalog, exercises: Iterable[Exercise]) -> list[Exercise]:
    """Those of which the record does not hold what a student would be told now."""
    recorded = {proof.id: proof.feedback for proof in read_record(root).exercises}
    return [
        exercise
        for exercise in exercises
        if (feedback := recorded.get(exercise.id))
        and feedback.digest != digest(root, catalog, exercise, named=True)
    ]


def drawn(
    catalog: Catalog, exercises: Iterable[Exercise], due: Sequence[Exercise], seed: int
) -> list[Exercise]:
    """One exercise of each chapter that is not due: what the record says has to be so again."""
    of: dict[int, list[Exercise]] = {}
    for exercise in exercises:
        if exercise not in due:
            of.setdefault(catalog.chapter_of(exercise).number, []).append(exercise)
    return [random.Random(f"{seed} {number}").choice(of[number]) for number in of]


def record(root: Path, catalog: Catalog, proofs: Iterable[Proof]) -> Path:
    """Put proofs in the place of those of the same exercises, and drop what is gone."""
    before = read_record(root)
    rows = {proof.id: proof for proof in [*before.exercises, *map(public, proofs)]}
    exercises = [rows[id] for id in catalog.exercises if id in rows]
    path = root / RECORD
    write_text(path, _lines(msgspec.structs.replace(before, exercises=exercises)))
    return path


def public(proof: Proof) -> Proof:
    """The same proof without names: what a mistake or a mutant is called gives answers away."""
    fields = {name: getattr(proof, name) for name in proof.__struct_fields__}
    shares = {name: value for name, value in fields.items() if isinstance(value, Share)}
    bare = {name: msgspec.structs.replace(share, rest=[]) for name, share in shares.items()}
    if feedback := proof.feedback:
        named = msgspec.structs.replace(feedback.named, rest=[])
        fields["feedback"] = msgspec.structs.replace(feedback, named=named)
    return Proof(**fields | bare | {"kept": False})


def _lines(record: Record) -> str:
    """As JSON with a line for each row, so that a change to one shows as such."""

    def rows(values: Iterable[msgspec.Struct]) -> str:
        return ",\n".join(f"  {msgspec.json.encode(value).decode()}" for value in values)

    return (
        f'{{\n "schema": {record.schema},\n "published": [\n{rows(record.published)}\n ],\n'
        f' "exercises": [\n{rows(record.exercises)}\n ]\n}}\n'
    )
