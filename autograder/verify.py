"""Proof that the grader is right: stubs and wrong answers fail, right ones pass.

For each exercise: the stub is 'not started' in every test; the reference and every alternative
pass, with several seeds; every null answer and every mistake of the library is caught. The
verdicts on code in boxes and on the same code in this process agree. Tests that need a GPU are
rehearsed on the CPU, at small size, by the reference and the alternatives. On demand, so is every
operator mutant of the reference that is not marked as equivalent to it (mutants.py).
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from autograder.catalog import Exercise
from autograder.diagnosis import load_mistakes
from autograder.examiner import Suite, Target, examine
from autograder.mutants import Sample, is_caught, prove_mutants
from autograder.nulls import NULLS
from autograder.parallel import examiners
from autograder.plugin import DEFAULT_SEED
from autograder.project import Project
from autograder.results import Outcome, TestResult
from autograder.submission import read_package

MIN_MISTAKES = 6
SEEDS = 5


class Share(msgspec.Struct):
    """How many of how many, and the names of the rest."""

    good: int
    all: int
    rest: list[str]

    def __str__(self) -> str:
        return f"{self.good}/{self.all}"


class Proof(msgspec.Struct, omit_defaults=True):
    """What was proven of one exercise. `problems` is empty where everything holds."""

    id: str
    visible_tests: int
    hidden_tests: int
    mistakes: Share
    nulls: Share
    alternatives: Share
    reference_runs: Share
    seconds: float
    problems: list[str]
    mutants: Share | None = None


def verify(
    project: Project,
    exercises: Sequence[Exercise],
    jobs: int,
    seeds: int = SEEDS,
    sample: Sample | None = None,
) -> Iterator[Proof]:
    """Prove the exercises one by one, `jobs` at a time; the reference runs with `seeds` seeds.

    With one seed the comparison with the packages in this process is left out. With a `sample` it
    is examined whether the mutants in it are caught.
    """
    with examiners(jobs) as pool:
        yield from pool.map(
            _verify_one,
            [project.root] * len(exercises),
            [exercise.id for exercise in exercises],
            [seeds] * len(exercises),
            [sample] * len(exercises),
        )


def _verify_one(root: Path, id: str, seeds: int, sample: Sample | None) -> Proof:
    started = time.perf_counter()
    project = Project(root)
    exercise = project.catalog.exercises[id]
    reference = read_package(root / "solutions" / "langmodels")
    mistakes = {m.path.stem: m.path for m in load_mistakes(root, exercise)}
    folder = root / "autograder" / "alternatives" / exercise.module / exercise.symbol
    alternatives = {path.stem: path for path in sorted(folder.glob("*.py"))}

    stub = Target("stub", read_package(root / "src" / "langmodels"), own_needs=False)
    right = [Target("reference", reference)]
    right += [Target(f"alternative {n}", reference, override=p) for n, p in alternatives.items()]
    wrong = [Target(f"null {n}", reference, null=n, stop=True) for n in NULLS]
    wrong += [
        Target(f"mistake {n}", reference, override=path, stop=True) for n, path in mistakes.items()
    ]

    def run(
        targets: Sequence[Target], suite: Suite, seed: int = DEFAULT_SEED, near: bool = False
    ) -> dict[str, list[TestResult]]:
        found = examine(
            *(targets, [exercise], suite, project.catalog, root, seed),
            near=near,
            device="cpu",  # what needs a GPU is rehearsed
        )
        return {name: results[id] for name, results in found.results.items()}

    problems: list[str] = []
    hidden = run([stub, *right, *wrong], project.hidden)
    visible = run([stub, *right], project.visible)
    for suite, results in (("hidden", hidden), ("visible", visible)):
        if not results["stub"]:
            problems.append(f"there is no {suite} test")
        for result in results["stub"]:
            if result.outcome is not Outcome.NOT_STARTED:
                problems.append(f"the stub ends {result.name} with {result.outcome}")

    if seeds > 1:
        problems += _disagreements(hidden, run([*right, *wrong], project.hidden, near=True))

    runs = [hidden, visible]
    runs += [run(right[:1], project.hidden, DEFAULT_SEED + n) for n in range(1, seeds)]
    reference_runs = _share({str(n): _passed(r["reference"]) for n, r in enumerate(runs)})
    for results in runs:
        problems += [_complaint("the reference", test) for test in _failed(results["reference"])]

    good = {n: _passed(hidden[f"alternative {n}"]) for n in alternatives}
    good = {n: ok and _passed(visible[f"alternative {n}"]) for n, ok in good.items()}
    for name, ok in good.items():
        if not ok:
            tests = hidden[f"alternative {name}"] + visible[f"alternative {name}"]
            problems += [_complaint(f"alternative {name}", test) for test in _failed(tests)]

    caught = {n: is_caught(hidden[f"mistake {n}"]) for n in mistakes}
    problems += [f"mistake {n} passes every hidden test" for n, ok in caught.items() if not ok]
    if len(mistakes) < MIN_MISTAKES:
        problems.append(f"{len(mistakes)} mistakes in the library, {MIN_MISTAKES} are due")
    if not alternatives:
        problems.append("no alternative in the library")
    rejected = {n: is_caught(hidden[f"null {n}"]) for n in NULLS}
    problems += [
        f"the answer '{n}' passes every hidden test" for n, ok in rejected.items() if not ok
    ]
    problems += [
        f"{name}: the test {result.name} fails itself"
        for name, results in hidden.items()
        for result in results
        if result.outcome is Outcome.GRADER_FAULT
    ]
    mutants = None
    if sample:
        finding = prove_mutants(project, exercise, sample)
        mutants = _share(finding.caught)
        problems += finding.problems
    return Proof(
        id=id,
        visible_tests=len(visible["stub"]),
        hidden_tests=len(hidden["stub"]),
        mistakes=_share(caught),
        nulls=_share(rejected),
        alternatives=_share(good),
        reference_runs=reference_runs,
        seconds=round(time.perf_counter() - started, 1),
        problems=problems,
        mutants=mutants,
    )


def _disagreements(
    boxed: dict[str, list[TestResult]], near: dict[str, list[TestResult]]
) -> Iterator[str]:
    """Where a test says another thing of the same code in this process than of it in a box."""
    for name, results in near.items():
        for one, other in zip(results, boxed[name], strict=False):
            if _passed([one]) is not _passed([other]):
                yield f"{name}: {one.name} ends with {other.outcome} in a box, {one.outcome} near"


def _share(outcomes: dict[str, bool]) -> Share:
    rest = [name for name, good in outcomes.items() if not good]
    return Share(len(outcomes) - len(rest), len(outcomes), rest)


def _failed(results: Sequence[TestResult]) -> list[TestResult]:
    """Those that did not pass; a rehearsal on the CPU need not tell how fast a GPU would be."""
    return [
        r
        for r in results
        if r.outcome is not Outcome.PASSED and not (r.device and r.outcome is Outcome.INCONCLUSIVE)
    ]


def _passed(results: Sequence[TestResult]) -> bool:
    return bool(results) and not _failed(results)


def _complaint(who: str, result: TestResult) -> str:
    detail = result.mismatch
    what = f": {detail.given} gives {detail.got}, expected {detail.expected}" if detail else ""
    return f"{who} fails {result.name} ({result.outcome}){what}"
