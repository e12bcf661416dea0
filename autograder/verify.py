"""Proof that the grader is right: stubs and wrong answers fail, right ones pass.

For each exercise: the stub is 'not started' in every test; the reference and every alternative
pass, and in turn with other seeds; every null answer and every mistake of the library is caught.
What is said of code in boxes and of the same code in this process agrees. Tests that need a GPU are
rehearsed on the CPU, at small size, by the reference and the alternatives. On demand, so is every
operator mutant of the reference that is not marked as equivalent to it (mutants.py).
"""

import itertools
import math
import platform
import re
import tempfile
import time
from collections.abc import Collection, Generator, Mapping, Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path

import msgspec

from autograder import proofs
from autograder.catalog import Exercise
from autograder.examiner import Examination, Suite, Target, examine
from autograder.grade import add_examples, judge
from autograder.library import Mistake, load_alternatives, load_mistakes
from autograder.mutants import Sample, is_caught, prove_mutants
from autograder.nulls import NULLS
from autograder.parallel import examiners
from autograder.plugin import DEFAULT_SEED
from autograder.project import Project
from autograder.proofs import Feedback, Mutants, Proof, Share
from autograder.reports import write_feedback
from autograder.results import ExerciseResult, Outcome, Report, TestResult, score_submission
from autograder.submission import read_package

MIN_MISTAKES = 6
SEEDS = 5


def verify(
    project: Project,
    exercises: Sequence[Exercise],
    jobs: int,
    seeds: int = SEEDS,
    sample: Sample | None = None,
    fresh: bool = False,
) -> Generator[Proof, None, None]:
    """Prove the exercises one by one, `jobs` at a time; right answers take turns at `seeds` seeds.

    With one seed everything is in this process, the alternatives rehearse nothing for GPUs, and
    what students would be told is left out. With a `sample` it is examined whether the mutants in
    it are caught.
    What has been proven and not changed since is not proven again, unless `fresh`.
    """
    command = _command(seeds, sample)
    places = [proofs.place(project.root, project.catalog, e, command) for e in exercises]
    found = [None if fresh else proofs.recall(path) for path in places]
    due = [n for n, proof in enumerate(found) if proof is None]
    seconds = proofs.recorded_seconds(project.root)  # what takes longest begins first
    due.sort(key=lambda n: seconds.get(exercises[n].id, math.inf), reverse=True)
    with examiners(jobs) as pool:
        proven = {
            n: pool.submit(_verify_one, project.root, exercises[n].id, seeds, sample, places[n])
            for n in due
        }
        for n, proof in enumerate(found):
            yield proof or proven[n].result()


def _command(seeds: int, sample: Sample | None) -> str:
    words = ["course verify", f"--seeds {seeds}" if seeds > 1 else "--quick"]
    if sample and sample.size:
        words += [f"--sample {sample.size} --sample-seed {sample.seed}"]
    elif sample:
        words += ["--mutants"]
    return " ".join(words)


def name_again(
    project: Project, exercises: Sequence[Exercise], jobs: int
) -> Generator[Proof, None, None]:
    """Only what students are told of the mistakes; the rest of each proof is as it was recorded."""
    recorded = {proof.id: proof for proof in proofs.read_record(project.root).exercises}
    with examiners(jobs) as pool:
        found = [pool.submit(_name_again, project.root, recorded[e.id]) for e in exercises]
        for proof in found:
            yield proof.result()


def _name_again(root: Path, recorded: Proof) -> Proof:
    project = Project(root)
    exercise = project.catalog.exercises[recorded.id]
    digest = proofs.digest(root, project.catalog, exercise, named=True)
    mistakes = load_mistakes(root, exercise)
    wrong = _wrong(project, mistakes)
    boxed = _of(exercise.id, _look(project, exercise, wrong, project.hidden, near=False))
    near, changing, problems = _without_walls(project, exercise, wrong, boxed)
    feedback, complaints = _feedback(project, exercise, near, mistakes, changing)
    feedback.digest = digest
    return msgspec.structs.replace(recorded, feedback=feedback, problems=problems + complaints)


def _verify_one(root: Path, id: str, seeds: int, sample: Sample | None, place: Path) -> Proof:
    project = Project(root)
    exercise = project.catalog.exercises[id]
    digest = proofs.digest(root, project.catalog, exercise)
    named = proofs.digest(root, project.catalog, exercise, named=True)
    proof = _prove(project, exercise, seeds, sample)
    proof.command, proof.digest = _command(seeds, sample), digest
    if proof.feedback:
        proof.feedback.digest = named
    # Somebody may have saved a file meanwhile: then the proof is of neither version.
    unchanged = place == proofs.place(root, project.catalog, exercise, proof.command)
    if unchanged and not proof.problems:
        proofs.keep(proof, place)
    return proof


def _prove(project: Project, exercise: Exercise, seeds: int, sample: Sample | None) -> Proof:
    started = time.perf_counter()
    root, id, quick = project.root, exercise.id, seeds == 1
    reference = read_package(root / "solutions" / "langmodels")
    library = load_mistakes(root, exercise)
    mistakes = [m.path.stem for m in library]
    alternatives = {a.path.stem: a.path for a in load_alternatives(root, exercise)}

    stub = Target("stub", read_package(root / "src" / "langmodels"), own_needs=False)
    # As a submission is graded, so that what an answer builds on is there.
    right = [Target("reference", reference, own_needs=False)]
    right += [
        msgspec.structs.replace(
            right[0], name=f"alternative {n}", override=path, rehearse=not quick
        )
        for n, path in alternatives.items()
    ]
    checked = [msgspec.structs.replace(target, own_needs=True) for target in right]
    answers = NULLS if not exercise.tests_for else ["none"]  # tests say nothing in one way only
    nulls = [Target(f"null {n}", reference, null=n, stop=True) for n in answers]
    wrong = _wrong(project, library)

    def run(targets: Sequence[Target], suite: Suite, near: bool) -> dict[str, list[TestResult]]:
        return _of(id, _look(project, exercise, targets, suite, near))

    problems: list[str] = []
    hidden = run([stub, *right, *nulls, *wrong], project.hidden, near=quick)
    visible = run([stub, *checked], project.visible, near=quick)
    for suite, results in (("hidden", hidden), ("visible", visible)):
        if not results["stub"]:
            problems.append(f"there is no {suite} test")
        for result in results["stub"]:
            if result.outcome is not Outcome.NOT_STARTED:
                problems.append(f"the stub ends {result.name} with {result.outcome}")
        for result in _failed(results["reference"]):
            problems.append(_complaint("the reference", result))

    feedback = None
    if not quick:
        targets = [stub, *right, *nulls, *wrong]
        near, changing, complaints = _without_walls(project, exercise, targets, hidden)
        problems += complaints
        if not exercise.tests_for:  # where the tests are a student's, nothing is named
            feedback, complaints = _feedback(project, exercise, near, library, changing)
            problems += complaints

    good = {n: _passed(hidden[f"alternative {n}"]) for n in alternatives}
    good = {n: ok and _passed(visible[f"alternative {n}"]) for n, ok in good.items()}
    for name, ok in good.items():
        if not ok:
            tests = hidden[f"alternative {name}"] + visible[f"alternative {name}"]
            problems += [_complaint(f"alternative {name}", test) for test in _failed(tests)]

    again = [  # the right answers take turns
        msgspec.structs.replace(target, name=f"{target.name} with seed {seed}", seed=seed)
        for target, seed in zip(
            itertools.islice(itertools.cycle(right), 1, seeds),
            range(DEFAULT_SEED + 1, DEFAULT_SEED + seeds),
            strict=True,
        )
    ]
    # That a box changes no verdict is shown: what more seeds prove is the tests' own numbers.
    repeated = run(again, project.hidden, near=True)
    repeats = {who: _passed(tests) for who, tests in repeated.items()}
    for who, tests in repeated.items():
        problems += [_complaint(who, test) for test in _failed(tests)]

    caught = {n: is_caught(hidden[f"mistake {n}"]) for n in mistakes}
    problems += [f"mistake {n} passes every hidden test" for n, ok in caught.items() if not ok]
    if len(mistakes) < MIN_MISTAKES:
        problems.append(f"{len(mistakes)} mistakes in the library, {MIN_MISTAKES} are due")
    if not alternatives:
        problems.append("no alternative in the library")
    rejected = {n: is_caught(hidden[f"null {n}"]) for n in answers}
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
    if sample and not exercise.tests_for:  # other tests may be as good
        finding = prove_mutants(project, exercise, sample)
        mutants = Mutants(*_counts(finding.caught), equivalent=finding.equivalent)
        problems += finding.problems
    return Proof(
        id=id,
        visible_tests=len(visible["stub"]),
        hidden_tests=len(hidden["stub"]),
        mistakes=Share(*_counts(caught)),
        nulls=Share(*_counts(rejected)),
        alternatives=Share(*_counts(good)),
        repeats=Share(*_counts(repeats)),
        seconds=round(time.perf_counter() - started, 1),
        problems=problems,
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        versions=f"Python {platform.python_version()}, torch {version('torch')}",
        mutants=mutants,
        feedback=feedback,
    )


def _of(id: str, found: Examination) -> dict[str, list[TestResult]]:
    """Target → results of the exercise."""
    return {name: results[id] for name, results in found.results.items()}


def _wrong(project: Project, mistakes: Sequence[Mistake]) -> list[Target]:
    reference = read_package(project.root / "solutions" / "langmodels")
    return [
        Target(f"mistake {m.path.stem}", reference, override=m.path, stop=True) for m in mistakes
    ]


def _look(
    project: Project, exercise: Exercise, targets: Sequence[Target], suite: Suite, near: bool
) -> Examination:
    return examine(
        *(targets, [exercise], suite, project.catalog, project.root),
        near=near,
        device="cpu",  # what needs a GPU is rehearsed
    )


def _without_walls(
    project: Project,
    exercise: Exercise,
    targets: Sequence[Target],
    boxed: dict[str, list[TestResult]],
) -> tuple[Examination, set[str], list[str]]:
    """The same targets in this process, mistakes to their end, beside what was said in boxes.

    Returns:
        what was found; the targets that say one thing in one box and another in the next, because
        what they do depends on the process; and where else box and process differ.
    """
    whole = [msgspec.structs.replace(target, stop=bool(target.null)) for target in targets]
    near = _look(project, exercise, whole, project.hidden, near=True)
    differing = _disagreements(boxed, _of(exercise.id, near))
    odd = [msgspec.structs.replace(t, elsewhere=True) for t in targets if t.name in differing]
    again = _of(exercise.id, _look(project, exercise, odd, project.hidden, near=False))
    changing = {*_disagreements(boxed, again)}
    return near, changing, [text for name, text in differing.items() if name not in changing]


def _disagreements(
    some: dict[str, list[TestResult]], others: dict[str, list[TestResult]]
) -> dict[str, str]:
    """The targets of which a test says one thing here and another there, and what it says."""
    found: dict[str, str] = {}
    for name, results in others.items():
        known = {result.name: result for result in some[name]}
        for other in results:
            one = known.get(other.name)
            if one and _said(one) != _said(other):
                what = f"{_said(one)} in a box, {_said(other)} near"
                found.setdefault(name, f"{name}: {other.name} says {what}")
    return found


def _said(result: TestResult) -> tuple[str, str, str]:
    seen = result.mismatch
    return result.outcome, result.message, f"{seen.given}: {seen.got}" if seen else ""


def _counts(outcomes: Mapping[str, bool]) -> tuple[int, int, list[str]]:
    """How many are good, how many there are, and the names of the rest."""
    rest = [name for name, good in outcomes.items() if not good]
    return len(outcomes) - len(rest), len(outcomes), rest


def _failed(results: Sequence[TestResult]) -> list[TestResult]:
    """Those that did not pass; a rehearsal on the CPU need not tell how fast a GPU would be."""
    good = Outcome.PASSED, Outcome.NO_GPU  # a quick proof does not rehearse everything
    return [
        r
        for r in results
        if r.outcome not in good and not (r.device and r.outcome is Outcome.INCONCLUSIVE)
    ]


def _passed(results: Sequence[TestResult]) -> bool:
    return bool(results) and not _failed(results)


def _complaint(who: str, result: TestResult) -> str:
    detail = result.mismatch
    what = f": {detail.given} gives {detail.got}, expected {detail.expected}" if detail else ""
    return f"{who} fails {result.name} ({result.outcome}){what}"


# --- What students are told ---------------------------------------------------------------------


def _feedback(
    project: Project,
    exercise: Exercise,
    found: Examination,
    mistakes: Sequence[Mistake],
    changing: Collection[str],
) -> tuple[Feedback, list[str]]:
    """What the author of each mistake would be told, and where that is not true.

    A mistake may be called by its own name or by none. Of two that give the same answers neither
    can be told from the other, so even between those another name is a problem.

    What depends on the process is heard in boxes, as submissions are, and the first of the others;
    the rest in this process, where that gives the same answers.
    """
    named: dict[str, bool] = {}
    lengths, problems = [], []
    for mistake in mistakes:
        name, who = mistake.path.stem, f"mistake {mistake.path.stem}"
        near = bool(named) and who not in changing
        result = judge(project, exercise, found, who, project.hidden, DEFAULT_SEED, near)
        add_examples(project, found.targets[who], [result], who, near=True)
        lengths.append(len(_SIGNS.findall(_told(project, result))))
        said = {test.misconception for test in result.tests if test.misconception}
        names = {m.path.stem for m in mistakes if any(m.title in text for text in said)}
        named[name] = name in names
        problems += [f"mistake {name} is called {other}" for other in sorted(names - {name})]
        if said and not names:
            problems.append(f"mistake {name} is called something that is no mistake")
    return Feedback(Share(*_counts(named)), lengths), problems


_SIGNS = re.compile(r"\w+|[^\w\s]")


def _told(project: Project, result: ExerciseResult) -> str:
    """The exercise's section of the page that a student gets, as text."""
    submission = score_submission("submission", [result])
    report = Report("standard", DEFAULT_SEED, [submission])
    with tempfile.TemporaryDirectory() as folder:
        page = write_feedback(submission, project.catalog, report, Path(folder))
        return _Section(page.read_text(encoding="utf-8")).text


class _Section(HTMLParser):
    """The text between <section class="exercise"> and its end."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self._inside = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Find the section."""
        self._inside = self._inside or (tag == "section" and ("class", "exercise") in attrs)

    def handle_endtag(self, tag: str) -> None:
        """Leave the section."""
        self._inside = self._inside and tag != "section"

    def handle_data(self, data: str) -> None:
        """Keep what is read there."""
        if self._inside:
            self.text += f"{data} "
