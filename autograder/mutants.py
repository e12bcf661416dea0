"""Operator mutants: the reference with one small thing changed, which a hidden test must notice.

The mistake library holds what students are known to get wrong; mutants show what nobody thought
of. Each is made by one of mutmut's operators from one place between `# BEGIN SOLUTION` and
`# END SOLUTION`. Left alone are docstrings, annotations, and what is raised: no test may depend
on the wording of a message.

A mutant that computes the same as the reference can be caught by no test. It is named, with the
reason, in autograder/mistakes/MODULE/equivalents.toml, beside the other wrong answers.
"""

import ast
import random
import time
import tomllib
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import libcst as cst
import msgspec
from libcst.metadata import MetadataWrapper, PositionProvider

from autograder.catalog import CatalogError, Exercise, Limits
from autograder.examiner import Target, examine
from autograder.project import Project, ProjectError
from autograder.proofs import BAR
from autograder.results import NO_VERDICT, Outcome, TestResult
from autograder.submission import read_package
from autograder.sync import regions

BATCH = 200  # mutants in one run of the suite: what is known of each is kept until its end
# A mutant may take this many times as long as the reference, and seconds more on a busy machine.
FACTOR, GRACE_S = 4, 3.0


class Mutant(msgspec.Struct, frozen=True):
    """A module with one change.

    Attributes:
        id: exercise, operator, and the changed lines before → after; with a number where the same
            change can be made in several places. Edits elsewhere in the file do not change it.
        line: where the change begins in the reference.
        source: the whole module.
    """

    id: str
    operator: str
    line: int
    source: str


class Sample(msgspec.Struct, frozen=True):
    """Which mutants of an exercise to run: `size` of them, drawn with `seed`; 0 means all."""

    size: int = 0
    seed: int = 0

    def of(self, mutants: Sequence[Mutant], exercise: str) -> list[Mutant]:
        """The mutants drawn for this exercise, in the order of the file."""
        if not self.size or self.size >= len(mutants):
            return list(mutants)
        drawn = random.Random(f"{self.seed} {exercise}").sample(range(len(mutants)), self.size)
        return [mutants[position] for position in sorted(drawn)]


class Finding(msgspec.Struct):
    """What the mutants of one exercise showed.

    Attributes:
        caught: id → whether a test failed, of those that ran and are not marked equivalent.
        equivalent: how many ran that are.
        problems: too many that passed, and marks that are wrong.
    """

    caught: dict[str, bool]
    equivalent: int
    problems: list[str]


# --- Making them --------------------------------------------------------------------------------


def mutants(source: str, module: str, symbol: str) -> list[Mutant]:
    """Every mutant of the solution of one exercise, in the order of the file.

    Those that do not compile, or mean the same to Python as the reference, are left out, as are
    those that only a test on a GPU could notice.
    """
    wrapper = MetadataWrapper(cst.parse_module(source))
    places = _Places(
        [range(b + 1, e) for b, e, name, _ in regions(source, module) if name == symbol]
    )
    wrapper.visit(places)
    tree = wrapper.module
    lines = source.splitlines()
    found: list[Mutant] = []
    named: Counter[str] = Counter()
    for statement in tree.body:
        if not (changes := places.found.get(statement)):
            continue
        before = tree.code_for_node(statement)
        start = tree.code.index(before)
        meanings = {None, _meaning(before)}
        for operator, old, new in changes:
            changed = statement.deep_replace(old, new)
            assert isinstance(changed, cst.CSTNode)
            after = tree.code_for_node(changed)
            if (meaning := _meaning(after)) in meanings:
                continue
            meanings.add(meaning)
            mutated = source[:start] + after + source[start + len(before) :]
            first, change = _change(lines, mutated.splitlines())
            id = f"{module}.{symbol} | {operator} | {change}"
            named[id] += 1
            if named[id] > 1:
                id += f" | {named[id]}"
            found.append(Mutant(id, operator, first, mutated))
    return found


class _Places(cst.CSTVisitor):
    """Collects what mutmut would change in some lines: statement → (operator, old, new)."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, lines: Sequence[range]) -> None:
        self.lines = lines
        self.found: dict[cst.CSTNode, list[tuple[str, cst.CSTNode, cst.CSTNode]]] = {}
        self._path: list[cst.CSTNode] = []
        try:
            from mutmut.mutation.mutators import mutation_operators
        except ImportError:
            advice = "mutants need mutmut: install the package with its extra dev"
            raise ProjectError(advice) from None
        self._operators = mutation_operators

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Try every operator on the node."""
        is_docstring = isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString)
        if is_docstring or isinstance(node, cst.Annotation | cst.Raise):
            return False
        self._path.append(node)
        position = self.get_metadata(PositionProvider, node, None)
        if position and any(position.start.line in lines for lines in self.lines):
            statement = self._path[1]  # of the module, which is the first
            for kind, operator in self._operators:
                if isinstance(node, kind):
                    name = operator.__name__.removeprefix("operator_")
                    made = self.found.setdefault(statement, [])
                    made += [(name, node, new) for new in operator(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Step out of the node."""
        if self._path and self._path[-1] is original_node:
            self._path.pop()


def _meaning(code: str) -> str | None:
    """What the code does where there is no GPU; None where it does not compile.

    That is, without its form, and without saying on which device tensors are made.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that `1 is 2` looks odd is not news
        try:
            tree = ast.parse(code)
            compile(tree, "mutant", "exec")
        except (SyntaxError, ValueError):
            return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg != "device"]
    return ast.dump(tree)


def _change(before: list[str], after: list[str]) -> tuple[int, str]:
    """The first line that differs, counted from 1, and what differs: "before → after"."""
    begin = 0
    while before[begin] == after[begin]:
        begin += 1
    end = 0
    while before[-1 - end] == after[-1 - end] and end < min(len(before), len(after)) - begin - 1:
        end += 1
    parts = (lines[begin : len(lines) - end] for lines in (before, after))
    return begin + 1, " → ".join(" ".join(" ".join(part).split()) for part in parts)


# --- Running them -------------------------------------------------------------------------------


def prove_mutants(project: Project, exercise: Exercise, sample: Sample) -> Finding:
    """Run the hidden tests on mutants of the exercise, each in boxes; compare with the marks.

    A mutant that computes without end is caught.
    """
    path = project.root / "solutions" / "langmodels" / f"{exercise.module}.py"
    everything = mutants(path.read_text(encoding="utf-8"), exercise.module, exercise.symbol)
    ids = {mutant.id for mutant in everything}
    exercises = project.catalog.exercises.values()
    elsewhere = [e.id for e in exercises if e.module == exercise.module and e != exercise]
    marks = equivalents(project.root, exercise.module)
    marked = [id for id in marks if id.partition(" | ")[0] not in elsewhere]
    problems = [f"marked equivalent, but no mutant: {id}" for id in marked if id not in ids]
    drawn = sample.of(everything, exercise.id)
    # What loops without end is marked by nobody, and a busy machine must not fail a mark.
    same = _run(project, exercise, [m for m in drawn if m.id in marked])
    problems += [f"marked equivalent, but caught: {id}" for id, caught in same.items() if caught]
    limited = msgspec.structs.replace(exercise, limits=_tight(project, exercise))
    others = _run(project, limited, [m for m in drawn if m.id not in marked])
    missed = len(others) - sum(others.values())
    if missed > (1 - BAR) * len(ids.difference(marked)):
        problems.append(f"{missed} of {len(others)} mutants pass, {BAR:.0%} must be caught")
    return Finding(others, len(same), problems)


def _run(project: Project, exercise: Exercise, chosen: Sequence[Mutant]) -> dict[str, bool]:
    """Whether each mutant is caught within the limits of `exercise`, by its id."""
    name = f"{exercise.module}.py"
    reference = read_package(project.root / "solutions" / "langmodels")
    found: dict[str, bool] = {}
    for start in range(0, len(chosen), BATCH):
        targets = [
            Target(mutant.id, reference | {name: mutant.source.encode()}, stop=True)
            for mutant in chosen[start : start + BATCH]
        ]
        catalog = project.catalog.with_exercise(exercise)
        done = examine(targets, [exercise], project.hidden, catalog, project.root)
        found |= {id: is_caught(results[exercise.id]) for id, results in done.results.items()}
    return found


def _tight(project: Project, exercise: Exercise) -> Limits:
    """Limits by what the reference takes: each endless loop costs as long as they allow."""
    slowest, last = 0.0, time.perf_counter()

    def note(result: TestResult) -> None:
        nonlocal slowest, last
        now = time.perf_counter()
        slowest, last = max(slowest, now - last), now

    reference = Target("reference", read_package(project.root / "solutions" / "langmodels"))
    suite = project.hidden
    examine([reference], [exercise], suite, project.catalog, project.root, progress=note)
    limits = exercise.limits
    return msgspec.structs.replace(
        limits,
        wall_s=min(limits.wall_s, FACTOR * slowest + GRACE_S),
        cpu_s=min(limits.cpu_s, FACTOR * slowest + 1),
    )


def is_caught(results: Sequence[TestResult]) -> bool:
    """Whether a test says that the package is wrong."""
    return any(r.outcome not in NO_VERDICT | {Outcome.PASSED} for r in results)


# --- Equivalents --------------------------------------------------------------------------------


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    mutants: list[str]
    reason: Annotated[str, msgspec.Meta(min_length=1)]


class _Marks(msgspec.Struct, forbid_unknown_fields=True):
    equivalent: list[_Entry]


def equivalents(root: Path, module: str) -> list[str]:
    """The ids of the mutants of a module that no test can catch. The reasons are for reviewers.

    Raises CatalogError where the file is not what it should be.
    """
    path = root / "autograder" / "mistakes" / module / "equivalents.toml"
    if not path.exists():
        return []
    try:
        marks = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Marks)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CatalogError(f"{path}: {error}") from None
    return [id for entry in marks.equivalent for id in entry.mutants]
