"""A lint for tests: what lets a wrong answer pass although the test looks right.

The mistakes that `course verify` plants are those that somebody thought of; this looks at the tests
themselves. It reads them: is anything required, on lines that are reached, of inputs that the seed
gives back? Then it runs them once on the reference and looks at what goes in and what is expected:
where every matrix is square, swapped axes go unseen. Inputs are at fault only where *no* hidden
test of an exercise has better ones.

A finding that is none is waived where the test begins, by its rule (without one: all rules) and
with the reason; a waiver that excuses nothing any more is a finding too:

    def test_maps_are_followed(student, rng):  # lint: ok square (attention maps are square)
"""

import ast
import importlib
import inspect
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from autograder import testing
from autograder.blindspots import Input, blind_spots, inputs_of
from autograder.catalog import Catalog, Chapter, Exercise
from autograder.examiner import BOX, Examination, Suite, Target, examine, run_suite
from autograder.near import NearBox
from autograder.parallel import examiners
from autograder.project import Project
from autograder.results import Outcome, TestResult
from autograder.student import Student
from autograder.submission import read_package

WIDE = 0.1  # of the expected numbers' magnitude
WAIVER = re.compile(r"#\s*lint:\s*ok\b\s*([\w, -]*?)\s*\((.+)\)\s*$")
REQUIRES = {"expect", "expect_that", "expect_ratio", "fail", "raises"}
REQUIRES |= {"expect_accepted", "expect_noticed"}  # of a student's tests
CLOCKS = {"time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "process_time"}
DRAWS = {"rand", "randn", "randint", "randperm", "normal", "bernoulli", "multinomial", "poisson"}
DRAWS |= {f"{name}_like" for name in ("rand", "randn", "randint")}
DRAWS_IN_PLACE = {"normal_", "uniform_", "random_", "bernoulli_", "exponential_"}
ACCEPTS = {"zeros": "zeros", "ones": "ones", "nan": "nan", "input": "the first argument"}
ENDINGS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Finding(msgspec.Struct, frozen=True, order=True):
    """What is wrong with a test, and where: on the line of its def, or within."""

    file: str  # below the repository's root
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.rule}]"


def lint(project: Project, exercises: Sequence[Exercise], jobs: int) -> Iterator[list[Finding]]:
    """What is wrong with the tests of these exercises, chapter by chapter, `jobs` at a time."""
    chosen = [[e.id for e in c.exercises if e in exercises] for c in project.catalog.chapters]
    chosen = [ids for ids in chosen if ids]
    with examiners(jobs) as pool:
        yield from pool.map(_lint_chapter, [project.root] * len(chosen), chosen)


def _lint_chapter(root: Path, ids: Sequence[str]) -> list[Finding]:
    project = Project(root)
    exercises = project.catalog.select(list(ids))
    found: list[Finding] = []
    for suite in (project.hidden, project.visible):
        files = [SuiteFile(path) for path in suite.files(project.catalog, exercises)]
        seen = observe(project, suite, exercises)
        graded = exercises if not suite.visible else []
        blind = [spot for e in graded for spot in judge_inputs(files, seen, e, project.catalog)]
        for file in files:
            # A helper's fault is reported with its file's tests, whichever of them are chosen.
            spots = [*read(file, project.catalog), *judge(file, seen, project.catalog)]
            spots += [spot for spot in blind if spot[0] == file.path]
            others = [case for case in file.cases if case.exercise not in ids]
            skipped = {line for case in others for line in case.lines}
            found += [
                Finding(path.relative_to(root).as_posix(), line, rule, message)
                for path, line, rule, message in file.unexcused(spots)
                if line not in skipped
            ]
    return sorted(found)


Spot = tuple[Path, int, str, str]  # file, line, rule, message


# --- Reading ----------------------------------------------------------------------------------


class Case:
    """A test function in its file."""

    def __init__(self, node: ast.FunctionDef, exercise: str, is_gpu: bool) -> None:
        self.node, self.exercise, self.is_gpu = node, exercise, is_gpu

    @property
    def is_about_tests(self) -> bool:
        """Whether it looks at tests that a student has written."""
        return "trials" in [argument.arg for argument in self.node.args.args]

    @property
    def lines(self) -> range:
        """The lines of its def and body."""
        return range(self.node.lineno, (self.node.end_lineno or self.node.lineno) + 1)


class SuiteFile:
    """A file of tests, as text; nothing of it runs."""

    def __init__(self, path: Path) -> None:
        self.path, self.text = path, path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.dead_blocks = [*_dead(self.tree)]
        self.dead = {node for nodes, _ in self.dead_blocks for node in nodes}

    @cached_property
    def cases(self) -> list[Case]:
        """The functions marked @exercise(ID), in their order."""
        found = []
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                marks = [mark for mark in node.decorator_list if _called(mark) == "exercise"]
                if marks and isinstance(marks[0], ast.Call):
                    id = ast.literal_eval(marks[0].args[0])
                    is_gpu = any(_dotted(m) == "pytest.mark.gpu" for m in node.decorator_list)
                    found.append(Case(node, id, is_gpu))
        return found

    @cached_property
    def definitions(self) -> dict[str, ast.AST]:
        """What a test can use by name: functions and classes of the file and of its conftest.py."""
        conftest = self.path.with_name("conftest.py")
        trees = [self.tree]
        if conftest.exists():
            trees.insert(0, ast.parse(conftest.read_text(encoding="utf-8")))
        kinds = ast.FunctionDef | ast.ClassDef
        return {node.name: node for t in trees for node in t.body if isinstance(node, kinds)}

    def reached(self, function: ast.AST) -> Iterator[ast.AST]:
        """All that a function does, itself or by what it uses, but for what nothing comes to."""
        waiting, known = [function], {function}
        while waiting:
            for node in self._live(waiting.pop()):
                yield node
                name = getattr(node, "id", None) or getattr(node, "arg", None)
                used = self.definitions.get(name) if isinstance(name, str) else None
                if used and used not in known:
                    known.add(used)
                    waiting.append(used)

    def _live(self, definition: ast.AST) -> Iterator[ast.AST]:
        """What is in a definition, but for dead lines and functions in it that nobody calls."""
        names = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
        waiting = [definition]
        while waiting:
            node = waiting.pop()
            if node in self.dead:
                continue
            is_inner = isinstance(definition, ast.FunctionDef) and node is not definition
            if is_inner and isinstance(node, ast.FunctionDef) and node.name not in names:
                continue
            yield node
            waiting += ast.iter_child_nodes(node)

    def unexcused(self, spots: Sequence[Spot]) -> Iterator[Spot]:
        """The findings that no waiver excuses, and the waivers that excuse none."""
        waivers, used = dict(self._waivers()), set()
        for spot in spots:
            path, line, rule, _ = spot
            start = self._def_of(line)
            rules, reason = waivers.get(start, ([], ""))
            if path == self.path and reason and (not rules or rule in rules):
                used |= {(start, rule), (start, "")}
            else:
                yield spot
        for line, (rules, reason) in waivers.items():
            if not reason:
                message = "write a waiver on a def's own line, as: # lint: ok RULE (the reason)"
                yield self.path, line, "waiver", message
            else:
                idle = [rule or "any rule" for rule in rules or [""] if (line, rule) not in used]
                for rule in idle:
                    message = f"the waiver excuses nothing of {rule} any more: take it away"
                    yield self.path, line, "waiver", message

    def _waivers(self) -> Iterator[tuple[int, tuple[list[str], str]]]:
        """Line of a def → (rules, reason); without a reason for what is no waiver."""
        heads = {
            line: node.lineno
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef)
            for line in range(node.lineno, max(node.body[0].lineno, node.lineno + 1))
        }
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT and re.match(r"#\s*lint:", token.string):
                match, line = WAIVER.match(token.string), token.start[0]
                if match and line in heads:
                    yield heads[line], (re.findall(r"[\w-]+", match[1]), match[2])
                else:
                    yield line, ([], "")

    def _def_of(self, line: int) -> int:
        """The line of the function that a line stands in."""
        around = [n for n in self.tree.body if n.lineno <= line <= (n.end_lineno or n.lineno)]
        return around[0].lineno if around else line


def _dead(tree: ast.AST) -> Iterator[tuple[list[ast.stmt], int]]:
    """Statements in a row that nothing comes to, and the line that sees to that."""
    for node in ast.walk(tree):
        for _, block in ast.iter_fields(node):
            statements = block if isinstance(block, list) else []
            ends = [n for n, s in enumerate(statements[:-1]) if isinstance(s, ENDINGS)]
            if ends:
                yield statements[ends[0] + 1 :], statements[ends[0]].lineno
        if isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant):
            idle = node.orelse if node.test.value else node.body
            if idle:
                yield idle, node.lineno


def read(file: SuiteFile, catalog: Catalog) -> Iterator[Spot]:
    """What the text of the tests says."""
    for statements, line in file.dead_blocks:
        message = f"nothing comes here, because of line {line}: move it, or take it away"
        yield file.path, statements[0].lineno, "unreachable", message
    for test in file.cases:
        if not any(_requires(node) for node in file.reached(test.node)):
            message = f"{test.node.name} requires nothing: end it with expect(…) or expect_that(…)"
            yield file.path, test.node.lineno, "no-assertion", message
        marks = [_called(mark) for mark in test.node.decorator_list]
        if "pytest.mark.parametrize" in marks and not test.is_about_tests:
            message = f"{test.node.name} has parameters, and names no mistake then: write a loop"
            yield file.path, test.node.lineno, "parameters", message
    seeded = {
        line
        for node in ast.walk(file.tree)
        if isinstance(node, ast.FunctionDef)
        and any(_called(n) == "torch.manual_seed" for n in ast.walk(node))
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    clocks = _clocks(file.tree)
    gpu = {line for test in file.cases if test.is_gpu for line in test.lines}
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call):
            continue
        if _draws(node) and not (_called(node).startswith("torch.") and node.lineno in seeded):
            message = (
                f"{_called(node)} draws anew in each run, which no seed repeats: draw from the rng "
                "fixture, or with a generator that it seeds"
            )
            yield file.path, node.lineno, "unseeded", message
        if _called(node) in clocks and node.lineno not in gpu:
            message = (
                f"{_called(node)} tells how busy the machine is: count the cost with "
                "autograder.measure, or time pairs on a GPU with its compare"
            )
            yield file.path, node.lineno, "clock", message
    yield from _later_imports(file, catalog)


def _requires(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    return isinstance(node, ast.Call) and _called(node).rpartition(".")[2] in REQUIRES


def _called(node: ast.AST) -> str:
    """What a call calls: "torch.randn", "….normal_"; empty for anything else."""
    return _dotted(node.func) if isinstance(node, ast.Call) else ""


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def _draws(call: ast.Call) -> bool:
    """Whether it draws from a state that no seed of ours has set."""
    module, _, name = _called(call).rpartition(".")
    given = {keyword.arg for keyword in call.keywords}
    if module in ("np.random", "numpy.random", "random"):
        makes_one = name in ("Random", "default_rng", "RandomState", "SeedSequence", "Generator")
        return not (makes_one and (call.args or given))
    if "generator" in given:
        return False
    return (module == "torch" and name in DRAWS) or (bool(module) and name in DRAWS_IN_PLACE)


def _clocks(tree: ast.AST) -> set[str]:
    """What they are called in a file."""
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "time"]
    bare = {alias.name for node in imports for alias in node.names}
    return {f"time.{name}" for name in CLOCKS} | (bare & CLOCKS)


def _later_imports(file: SuiteFile, catalog: Catalog) -> Iterator[Spot]:
    tested = [catalog.exercises[c.exercise] for c in file.cases if c.exercise in catalog.exercises]
    own = max((catalog.chapter_of(exercise).number for exercise in tested), default=0)
    for node in ast.walk(file.tree):
        names = [alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)]
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name}" for name in names]
        for name in names:
            top, _, rest = name.partition(".")
            chapter = _chapter_with(catalog, rest.partition(".")[0])
            if top == "langmodels" and chapter and chapter.number > own:
                message = f"{name} is built in chapter {chapter.number} only: do without it here"
                yield file.path, node.lineno, "later", message  # type: ignore[attr-defined]


def _chapter_with(catalog: Catalog, module: str) -> Chapter | None:
    """The first chapter with an exercise in the module."""
    return next((c for c in catalog.chapters if any(e.module == module for e in c.exercises)), None)


# --- Running ----------------------------------------------------------------------------------


class Observed(msgspec.Struct):
    """What one test did on the reference.

    Attributes:
        inputs: ("attention.attention_weights", "k") → what it was, call by call.
        called: ids of exercises.
        demands: for each expectation what it leaves open: "zero" (an answer of zeros would do),
            "wide" (so would one that is off by a tenth), or neither.
        accepts: the null answers of a function that it lets pass.
    """

    exercise: str
    outcome: Outcome = Outcome.PASSED
    inputs: dict[tuple[str, str], list[Input]] = {}
    called: set[str] = set()
    demands: list[set[str]] = []
    accepts: list[str] = []


Key = tuple[Path, str]  # a test's file and name


class _Listener(Examination):
    """An examination that remembers what crosses between tests and package."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.observed: dict[Key, Observed] = {}
        self._now = Observed("")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """From here on what happens is this test's."""
        marker = item.get_closest_marker("exercise")
        assert marker
        key = item.path, item.originalname  # type: ignore[attr-defined]
        self._now = self.observed[key] = Observed(marker.args[0])

    @contextmanager
    def open_box(self, item: pytest.Item, elsewhere: bool = False) -> Iterator[Student]:
        """See Examination; each call that is answered is remembered."""
        with super().open_box(item, elsewhere) as student:
            _, box = item.stash[BOX]
            assert isinstance(box, NearBox)
            yield _Watched(student, box, self._now)

    def heard(self, expected: Any, tolerance: float) -> None:
        """Remember an expectation."""
        self._now.demands.append(leaves_open(expected, tolerance))


class _Watched(Student):
    def __init__(self, student: Student, box: NearBox, observed: Observed) -> None:
        super().__init__(student._package)
        self._box, self._observed = box, observed

    def _run(
        self, target: Any, name: str, text: str, call: tuple[tuple[Any, ...], dict[str, Any], bool]
    ) -> Any:
        answer = super()._run(target, name, text, call)
        if isinstance(target, str):
            if target == "support":
                return answer
            function = f"{target}.{name}"
            self._observed.called.add(function)
            target = importlib.import_module(f"langmodels.{target}")
        else:
            target = self._box.object(target.number)
            kind = type(target)
            method = "" if name == "__call__" else f".{name}"
            function = f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}(…){method}"
        for parameter, argument in _named(target, name, *call[:2]):
            self._observed.inputs.setdefault((function, parameter), []).extend(inputs_of(argument))
        return answer


def _named(
    target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """The arguments by the names of their parameters, however they were given."""
    name = "forward" if name == "__call__" and hasattr(target, "forward") else name
    try:
        bound = inspect.signature(getattr(target, name)).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        bound = {str(number): argument for number, argument in enumerate(args)} | dict(kwargs)
    yield from bound.items()


def leaves_open(expected: Any, tolerance: float) -> set[str]:
    """What other answers an expectation would let pass: see Observed.demands."""
    numbers, is_exact = _numbers_in(expected)
    finite = numbers[np.isfinite(numbers)]
    if is_exact or not finite.size or len(finite) < len(numbers):
        return set()
    allowed = max(1e-12, tolerance * float(np.abs(finite).max()))
    magnitude = float(np.sqrt(np.mean(finite**2)))
    if not magnitude:
        return {"zero"}
    return {"wide"} if allowed >= WIDE * magnitude else set()


def _numbers_in(value: Any) -> tuple[np.ndarray, bool]:
    """All numbers of an expected value, and whether there is anything else in it."""
    if isinstance(value, Mapping):
        return _numbers_in([*value.values()])
    if isinstance(value, list | tuple):
        parts = [_numbers_in(part) for part in value]
        arrays = [numbers for numbers, _ in parts] or [np.zeros(0)]
        return np.concatenate(arrays), any(exact for _, exact in parts)
    if testing._is_tensor(value):
        value = testing._as_array(value)
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.ndarray):
        return np.zeros(0), True
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        return np.zeros(0), True
    return array.astype(np.float64).reshape(-1), False


def observe(project: Project, suite: Suite, exercises: Sequence[Exercise]) -> dict[Key, Observed]:
    """Run the tests on the reference, in this process."""
    reference = Target("reference", read_package(project.root / "solutions" / "langmodels"))
    listener = _Listener(
        *([reference], exercises, suite, project.catalog, project.root),
        *(lambda result: None, True, "cpu", False),  # near; what needs a GPU is rehearsed
    )
    testing.observers.append(listener.heard)
    try:
        run_suite(listener)
    finally:
        testing.observers.remove(listener.heard)
    # A null answer of a class keeps what it has inside, and that is what most of its tests look at.
    functions = [e for e in exercises if e.symbol[0].islower() and not suite.visible]
    targets = [Target(name, reference.files, null=name) for name in ACCEPTS]
    results = examine(targets, functions, suite, project.catalog, project.root, near=True).results
    for (_, name), observed in listener.observed.items():
        id = observed.exercise
        observed.outcome = _outcome(listener.results["reference"][id], name)
        observed.accepts = [
            words
            for null, words in ACCEPTS.items()
            if id in results[null] and _outcome(results[null][id], name) is Outcome.PASSED
        ]
    return listener.observed


def _outcome(results: Sequence[TestResult], name: str) -> Outcome:
    """How a test ended; the first way in which it did not pass, if it ran several times."""
    found = [r.outcome for r in results if r.name.partition("[")[0] == name]  # with any parameters
    return next((outcome for outcome in found if outcome is not Outcome.PASSED), Outcome.PASSED)


def judge(file: SuiteFile, seen: Mapping[Key, Observed], catalog: Catalog) -> Iterator[Spot]:
    """What running the tests says of each of them."""
    for case in file.cases:
        name, line = case.node.name, case.node.lineno
        observed = seen.get((file.path, name))
        if observed is None:
            continue
        if observed.outcome not in (Outcome.PASSED, Outcome.INCONCLUSIVE):
            yield file.path, line, "fails", f"the reference fails {name}: see course verify"
            continue
        needs = catalog.needed_by(catalog.exercises[case.exercise])
        for id in sorted(observed.called & catalog.exercises.keys() - {case.exercise, *needs}):
            message = f"{name} calls {id}, which {case.exercise} does not need: do without it"
            yield file.path, line, "later", message
        reached = [*file.reached(case.node)]
        # An assert is not seen running, and a rehearsal on the CPU leaves the demands out.
        is_known = not case.is_gpu and not any(isinstance(node, ast.Assert) for node in reached)
        if is_known and not observed.demands:
            message = f"{name} comes to none of its expectations: is what it loops over empty?"
            yield file.path, line, "no-assertion", message
        # How much it costs, and what is refused, is another question than what is answered.
        elif observed.accepts and not {"measured", "complaint"} & {*map(_called, reached)}:
            answers = " or ".join(observed.accepts)
            message = f"{name} accepts {answers} as an answer: demand something that these are not"
            yield file.path, line, "null", message
        elif is_known and all("zero" in demand for demand in observed.demands):
            message = f"{name} expects nothing but zeros: demand something that zeros are not"
            yield file.path, line, "zero", message
        elif is_known and all(demand for demand in observed.demands):
            message = (
                f"{name} lets an answer pass that is off by a tenth of what is expected: narrow "
                "its tolerance, or spread what it expects less"
            )
            yield file.path, line, "tolerance", message


def judge_inputs(
    files: Sequence[SuiteFile], seen: Mapping[Key, Observed], exercise: Exercise, catalog: Catalog
) -> Iterator[Spot]:
    """What all tests of an exercise fail to try, said of the first that could have.

    What it builds on has tests of its own.
    """
    others = catalog.exercises.keys() - {exercise.id}
    first: dict[tuple[str, str], tuple[Path, int]] = {}
    inputs: dict[tuple[str, str], list[Input]] = defaultdict(list)
    for file in files:
        for case in file.cases:
            observed = seen.get((file.path, case.node.name))
            if observed and case.exercise == exercise.id:
                for called, given in observed.inputs.items():
                    first.setdefault(called, (file.path, case.node.lineno))
                    inputs[called] += given
    for called, given in inputs.items():
        function, parameter = called
        if function.partition("(")[0] in others:
            continue
        for rule, advice in blind_spots(parameter, given):
            message = f"in the tests of {exercise.id}, {parameter} of {function}: {advice}"
            yield *first[called], rule, message
