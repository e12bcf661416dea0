"""The examiner: runs a suite against packages in boxes and says how each test ended.

It is the only one that knows tests and expected values. A `Target` is one package to examine:
a submission, the reference, or the reference with a mistake in it.
"""

import contextlib
import hashlib
import io
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Literal

import msgspec
import pytest

from autograder import wire
from autograder.box import Box, BoxError, Line, StudentFaultError
from autograder.catalog import Catalog, Exercise
from autograder.farside import Load
from autograder.near import NearBox
from autograder.plugin import BOXES, DEFAULT_SEED, needs_gpu, support_path
from autograder.results import (
    NOT_EXPECTED,
    Mismatch,
    Outcome,
    TestResult,
    printable,
)
from autograder.student import RemotePackage, Student
from autograder.submission import read_package
from autograder.survey import Survey
from autograder.sync import regions, render
from autograder.testing import FeedbackError, InconclusiveError, MismatchError
from autograder.trials import Trials, run_boxed, run_near, trials_of


def _seed_within(item: pytest.Item, seed: int) -> int:
    """From which a package draws in this test: weights that begin at random are replayed, too.

    A hash, because who knows the seed of the run knows the hidden inputs.
    """
    name = item.originalname  # type: ignore[attr-defined]
    return int.from_bytes(hashlib.sha256(f"{seed} within {name}".encode()).digest()[:7])


class Target(msgspec.Struct, frozen=True):
    """A package to examine.

    Attributes:
        name: unique in a run.
        files: name below langmodels/ → source.
        own_needs: True where everything is the package's own; else what an exercise needs comes
            from the reference, so that one mistake costs once.
        override: a mistake or alternative: a file that ends the exercise's module.
        null: an answer without content, see nulls.py.
        stop: a package that must fail: its other tests are left out after the first failure.
        seed: of its random inputs, where it is not that of the run.
        elsewhere: a box of the second zygote, where hash() of text has another salt.
        rehearse: run its tests for a GPU too, where there is a `device`.
    """

    name: str
    files: dict[str, bytes]
    own_needs: bool = True
    override: Path | None = None
    null: str = ""
    stop: bool = False
    seed: int | None = None
    elsewhere: bool = False
    rehearse: bool = True


class Suite(msgspec.Struct, frozen=True):
    """Where the tests of each chapter are, and whether a student may see them."""

    folder: Path
    visible: bool

    def files(self, catalog: Catalog, exercises: Sequence[Exercise]) -> list[Path]:
        """The files that have a test of the exercises."""
        chapters = {catalog.chapter_of(e).folder.name for e in exercises}
        files = (f for c in sorted(chapters) for f in sorted((self.folder / c).glob("test_*.py")))
        texts = {file: file.read_text(encoding="utf-8") for file in files}
        return [f for f, text in texts.items() if any(e.is_tested_in(text) for e in exercises)]


def examine(
    targets: Sequence[Target],
    exercises: Sequence[Exercise],
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int = DEFAULT_SEED,
    progress: Callable[[TestResult], None] = lambda result: None,
    near: bool = False,
    device: str = "",
    only_gpu: bool = False,
) -> "Examination":
    """Run the tests of `exercises` on every target; what was found is in the Examination.

    With `near` the packages, which must be our own, run in this process instead of in boxes.

    Tests marked gpu wait (NO_GPU) unless there is a `device` for them: "cuda" or the like, or
    "cpu" to rehearse them. With `only_gpu` no other tests run, and boxes may use the GPU.
    """
    examination = Examination(
        targets, exercises, suite, catalog, root, progress, near, device, only_gpu
    )
    run_suite(examination, seed)
    return examination


def run_suite(examination: "Examination", seed: int = DEFAULT_SEED) -> None:
    """Run the tests; what is found is in the examination."""
    files = examination.suite.files(examination.catalog, [*examination.exercises.values()])
    # Without files pytest would look for tests wherever it is started.
    if not files or not examination.targets:
        return
    arguments = [
        *map(str, files),
        "--disable-plugin-autoload",
        f"--rootdir={examination.root}",
        f"--seed={seed}",
        f"--gpu-device={examination.device}",
        "--config-file",
        str(Path(__file__).with_name("examiner.ini")),
        *("-p", "autograder.plugin", "-p", "no:cacheprovider", "--import-mode=importlib"),
        *("-p", "no:logging"),  # what it does around each phase of a test nobody reads
        # At its end it collects garbage several times, which costs more than many a test.
        *("-p", "no:unraisableexception"),
    ]
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        _own_modules({file.name for file in files} | {"conftest.py"}),
    ):
        status = pytest.main(arguments, plugins=[examination])
    if examination.interrupted:
        raise KeyboardInterrupt
    ran = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED
    if status not in ran:
        raise RuntimeError(f"the suite itself does not run:\n{said.getvalue()[-3000:]}")


@contextmanager
def _own_modules(names: set[str]) -> Iterator[None]:
    """Import files of these names afresh, and leave no trace of it.

    pytest takes a test file that was imported before for the same, if it is in the same place of
    another project or has changed since.
    """

    def take() -> dict[str, ModuleType]:
        files = {n: vars(m).get("__file__") or "" for n, m in list(sys.modules.items()) if m}
        return {n: sys.modules.pop(n) for n, f in files.items() if f.rpartition("/")[2] in names}

    others = take()
    try:
        yield
    finally:
        take()
        sys.modules.update(others)


class Examination:
    """A pytest plugin for one session: boxes in, results out.

    Attributes:
        results: target name → exercise id → results, in the order of the suite. An exercise
            without any test in the suite has an empty list.
        drawn: ids of exercises that have a test with random inputs.
        surveys: (target name, module) → what was read in its source.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        exercises: Sequence[Exercise],
        suite: Suite,
        catalog: Catalog,
        root: Path,
        progress: Callable[[TestResult], None],
        near: bool,
        device: str,
        only_gpu: bool,
    ) -> None:
        self.targets = {target.name: target for target in targets}
        self.exercises = {exercise.id: exercise for exercise in exercises}
        self.suite, self.catalog, self.root = suite, catalog, root
        self.progress, self.near = progress, near
        self.device, self.only_gpu = device, only_gpu
        self.results: dict[str, dict[str, list[TestResult]]] = {
            name: {id: [] for id in self.exercises} for name in self.targets
        }
        self.drawn: set[str] = set()
        self.interrupted = False
        self.surveys: dict[tuple[str, str], Survey] = {}
        self._remarks: dict[tuple[str, str], dict[str, None]] = {}  # of boxes, each once
        self._import_faults: dict[tuple[str, str], StudentFaultError | None] = {}
        self._trials: dict[tuple[str, str], Trials] = {}
        self._seconds: dict[Callable[..., object], float] = defaultdict(float)  # of each test
        self._given = read_package(root / "src" / "langmodels")

    # --- pytest's hooks ---

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the `student` fixture open boxes."""
        config.stash[BOXES] = self

    def pytest_pycollect_makeitem(self, obj: object) -> list[pytest.Item] | None:
        """Make nothing of other exercises' tests: a chapter has many, and here each is several."""
        marks = getattr(obj, "pytestmark", []) if isinstance(obj, FunctionType) else []
        ids = [mark.args[0] for mark in marks if mark.name == "exercise"]
        return [] if ids and ids[0] not in self.exercises else None

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run each test once for each target."""
        metafunc.fixturenames.append("target")
        metafunc.parametrize("target", list(self.targets), scope="function")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that may run here, in the order of the catalog; see _cheapest_first."""
        order = {id: position for position, id in enumerate(self.exercises)}
        kept = [item for item in items if needs_gpu(item) or not self.only_gpu]
        items[:] = sorted(kept, key=lambda item: (self._hurries(item), order[_exercise_id(item)]))
        self.drawn = {_exercise_id(item) for item in kept if "rng" in _fixtures(item)}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Examine a target with a test, in place of pytest."""
        if TRIES in item.stash:
            return None  # pytest runs it
        started = time.process_time()
        self._examine(item)
        if not self._hurries(item):
            self._seconds[item.function] += time.process_time() - started  # type: ignore[attr-defined]
            if nextitem and self._hurries(nextitem):
                self._cheapest_first(item.session.items)
        return True

    def _hurries(self, item: pytest.Item) -> bool:
        """Whether any failure will do, so that the order is free.

        In boxes it is not: what two runs there say is compared.
        """
        return self.near and self.targets[_target(item)].stop

    def _cheapest_first(self, items: list[pytest.Item]) -> None:
        """Sort the tests of those that must fail, which run last, by what others have cost.

        Most fail any test, and never see what takes long.
        """
        hurried = [item for item in items if self._hurries(item)]
        hurried.sort(key=lambda item: self._seconds[item.function])  # type: ignore[attr-defined]
        items[-len(hurried) :] = hurried

    def _examine(self, item: pytest.Item) -> None:
        """Leave out what a caught mistake has no need of, and give a lost box a second chance."""
        target = self.targets[_target(item)]
        done = self.results[target.name][_exercise_id(item)]
        # What must fail has to do so without a GPU: else graders without one would let it pass.
        if target.stop and (needs_gpu(item) or any(map(_failed, done))):
            return
        if needs_gpu(item) and not (self.device and target.rehearse):
            self._record(item, self._without_gpu(item))
            return
        for attempt in (1, 2):
            item.stash[TRIES], item.stash[ERROR] = attempt, None
            # Nothing stays set up for the next one, which may be left out.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if not isinstance(item.stash[ERROR], BoxError):
                break
        self._record(item, item.stash[ERROR])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Turn how a test ended into a result, once its box is closed.

        pytest's own report would spend most of the run on tracebacks that nobody reads.
        """
        if call.excinfo and not item.stash[ERROR]:
            item.stash[ERROR] = call.excinfo.value
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Know Ctrl-C from a file that cannot be collected, which pytest calls by the same name."""
        self.interrupted = excinfo.type is KeyboardInterrupt

    # --- boxes ---

    @contextmanager
    def open_box(self, item: pytest.Item, elsewhere: bool = False) -> Iterator[Student]:
        """A fresh box for this test, with the target's package in it."""
        target, exercise = self.targets[_target(item)], self.exercises[_exercise_id(item)]
        imports = self._imports(item, exercise)
        path = support_path(item.path)
        load = self._load(target, exercise, path.read_text(encoding="utf-8") if path else "")
        load.seed = _seed_within(item, self.seed(item))
        self._refuse_early(target, exercise, imports)
        with self._box(load, exercise, imports, elsewhere or target.elsewhere) as box:
            student = Student(RemotePackage(box))
            item.stash[BOX] = student, box
            box.ask("load")
            try:
                yield student
            finally:
                remarks = self._remarks.setdefault((target.name, exercise.id), {})
                remarks |= dict.fromkeys(box.remarks)

    def _box(
        self, load: Load, exercise: Exercise, imports: Sequence[str], elsewhere: bool = False
    ) -> Box | NearBox:
        if self.near:
            load.refused = []  # here they would be refused to the test's oracles too
            return NearBox(load, exercise.limits, elsewhere)
        return Box(load, exercise.limits, imports, elsewhere, accelerator=self.only_gpu)

    def trials(self, item: pytest.Item) -> Trials:
        """The tests of the target's package, each of them in boxes of its own; see trials.py."""
        target, exercise = self.targets[_target(item)], self.exercises[_exercise_id(item)]
        imports = self._imports(item, exercise)
        self._refuse_early(target, exercise, imports)
        if (target.name, exercise.id) not in self._trials:
            load = self._load(target, exercise)
            load.seed = self.seed(item)
            run = partial(run_boxed, load, exercise.limits, imports)
            if self.near:
                run = partial(run_near, load, exercise.limits)
            found = trials_of(load, self.root, self.suite.visible, run)
            self._trials[target.name, exercise.id] = found
        item.stash[TRIALS] = found = self._trials[target.name, exercise.id]
        return found

    def seed(self, item: pytest.Item) -> int:
        """From which the inputs of this test are drawn."""
        own = self.targets[_target(item)].seed
        return int(item.config.getoption("--seed")) if own is None else own

    def _without_gpu(self, item: pytest.Item) -> Exception:
        """How a test ends that cannot run here: what is not written earns nothing anywhere."""
        target, exercise = self.targets[_target(item)], self.exercises[_exercise_id(item)]
        try:
            self._refuse_early(target, exercise, self._imports(item, exercise))
        except (StudentFaultError, BoxError) as error:
            return error
        message = "it needs a GPU and has not been run on one; its points stay open until then"
        return StudentFaultError(Outcome.NO_GPU, message)

    def _imports(self, item: pytest.Item, exercise: Exercise) -> list[str]:
        """What the zygote has ready. Importing torch takes seconds: only what has to waits."""
        modules = exercise.module, exercise.tests_for.partition(".")[0]
        wanted = any(b"import torch" in self._given.get(f"{name}.py", b"") for name in modules)
        wanted = wanted or hasattr(item.module, "torch")  # type: ignore[attr-defined]
        # Only where a student's tests run does a box have pytest, and the way out of it.
        return ["torch"] * wanted + ["autograder.testbed"] * bool(exercise.tests_for)

    def _load(self, target: Target, exercise: Exercise, support: str = "") -> Load:
        needs: dict[str, list[str]] = {}
        reference: dict[str, str] = {}
        # Beside tests nothing may stand that answers for the function that they are for.
        if not target.own_needs and not exercise.tests_for:
            ids = self.catalog.needed_by(exercise)
            for id in ids:
                module, _, symbol = id.partition(".")
                needs.setdefault(module, []).append(symbol)
            reference = reference_for(self.root, tuple(ids))
        return Load(
            files=target.files,
            given=self._given,
            module=exercise.module,
            symbol=exercise.symbol,
            needs=needs,
            reference=reference,
            support=support,
            override=target.override.read_text(encoding="utf-8") if target.override else "",
            null=target.null,
            tests_for=exercise.tests_for,
            refused=[] if exercise.waived else [n for n in exercise.forbids if "::" in n],
        )

    def _refuse_early(self, target: Target, exercise: Exercise, imports: list[str]) -> None:
        """Say what can be said without running a test: not started, or a need that failed."""
        if target.override or target.null:
            return
        key = target.name, exercise.module
        if key not in self._import_faults:
            self._import_faults[key] = self._survey(target, exercise, imports)
        if fault := self._import_faults[key]:
            raise fault
        if line := self.surveys[key].unwritten.get(exercise.id):
            message = f"not written yet: see {exercise.module}.py, line {line}"
            raise StudentFaultError(Outcome.NOT_STARTED, message)
        if target.own_needs:
            for need in self.catalog.needed_by(exercise):
                done = self.results[target.name].get(need, [])
                if any(map(_failed, done)):
                    message = f"not run, because it builds on {need}, which does not pass yet"
                    raise StudentFaultError(Outcome.NOT_RUN, message)

    def _survey(
        self, target: Target, exercise: Exercise, imports: list[str]
    ) -> StudentFaultError | None:
        """Read the module and import it once: what fails there must not do so in every test.

        That happens in a box too: source can be made to break a parser.
        """
        key = target.name, exercise.module
        file = f"{exercise.module}.py"
        alone = msgspec.structs.replace(target, own_needs=True)
        forbids = {
            e.id: [n for n in e.forbids if "::" not in n]
            for e in self.exercises.values()
            if e.module == exercise.module and not e.waived
        }
        self.surveys[key] = Survey()
        if file not in target.files | self._given:
            message = f"there is no {file}: course reset {exercise.id} brings its stubs back"
            return StudentFaultError(Outcome.ERROR, message)
        try:
            with self._box(self._load(alone, exercise), exercise, imports) as box:
                found = box.ask("survey", forbids)
                self.surveys[key] = survey = msgspec.convert(found, Survey)
                if survey.problem:
                    return StudentFaultError(Outcome.ERROR, survey.problem)
                box.ask("load")
        except StudentFaultError as error:
            error.message = f"{file} cannot be imported: {error.message}"
            return error
        except msgspec.ValidationError:
            return StudentFaultError(Outcome.CRASHED, f"{file} cannot be read")
        return None

    # --- results ---

    def flags(self, target: str, exercise: Exercise) -> list[str]:
        """What a person should look at.

        The source names what the exercise asks to build, or the kernel contradicts what a box says
        of its cost.
        """
        survey = self.surveys.get((target, exercise.module), Survey())
        ready_made = [
            f"{exercise.module}.py, {use}: this exercise asks you to build it"
            for use in survey.ready_made.get(exercise.id, [])
        ]
        return ready_made + [
            f"{exercise.module}.py, {exercise.symbol}: {remark}"
            for remark in self._remarks.get((target, exercise.id), {})
        ]

    def _record(self, item: pytest.Item, error: BaseException | None) -> None:
        exercise = self.exercises[_exercise_id(item)]
        result = TestResult(
            name=_name(item),
            outcome=Outcome.PASSED,
            message="",
            property=str(dict(item.user_properties).get("property", _property(item))),
            weight=float(_marker(item).kwargs.get("weight", 1)),
            visible=self.suite.visible,
            device=self.device if needs_gpu(item) else "",
        )
        # Tests that a student writes are run near as they are: what they raise is theirs.
        called = "near" if self.near and TRIALS in item.stash else ""
        if BOX in item.stash:
            student, box = item.stash[BOX]
            called, result.log = student.last_call, box.output.decode("utf-8", "replace")
            result.attempts = box.attempts
        if TRIALS in item.stash and error:
            result.log, result.attempts = item.stash[TRIALS].log, item.stash[TRIALS].attempts
        match error:
            case None:
                pass
            case MismatchError():
                given = error.given or called
                result.outcome = Outcome.WRONG
                result.message = NOT_EXPECTED
                result.mismatch = Mismatch(
                    given, error.expected, error.got, error.where, error.picture
                )
            case FeedbackError():
                result.outcome, result.message = Outcome.WRONG, str(error)
            case InconclusiveError():
                result.outcome = Outcome.INCONCLUSIVE
                result.message = "this machine's clock did not tell; this costs no points"
                result.log = f"{error}\n{result.log}"
            case StudentFaultError():
                self._fault(result, error, exercise, called)
            case BoxError():
                result.outcome, result.message = Outcome.GRADER_FAULT, str(error)
            case wire.ProtocolError():
                result.outcome = Outcome.CRASHED
                result.message = "your code answered with something that is no answer"
            case AssertionError() if called:
                result.outcome = Outcome.WRONG
                result.message = "the property does not hold"
            case Exception() if called:
                # The suite runs on every right answer (course verify), so the answer is at fault.
                result.outcome = Outcome.WRONG
                result.message = "the answer is not of the kind that was asked for"
                result.mismatch = Mismatch(called, "an answer that can be used", str(error))
            case _:
                result.outcome = Outcome.GRADER_FAULT
                result.message = "the test itself failed; this costs no points"
                result.log = f"{type(error).__name__}: {error}\n{result.log}"
        result.message = printable(result.message)
        results = self.results[_target(item)][exercise.id]
        results.append(result)
        self.progress(result)

    def _fault(
        self,
        result: TestResult,
        error: StudentFaultError,
        exercise: Exercise,
        called: str,
    ) -> None:
        result.outcome, result.message = error.outcome, error.message
        fault = error.fault
        if fault and fault.type == "NotImplementedError":
            if fault.text == exercise.id:
                result.outcome = Outcome.NOT_STARTED
                result.message = f"not written yet: see {fault.file}, line {fault.line}"
            elif fault.text in self.catalog.exercises:
                result.outcome = Outcome.NOT_RUN
                result.message = f"not run, because it builds on {fault.text}, not written yet"
        elif fault:
            if fault.type == "MissingError":
                name, _, method = called.partition("(")
                what = (
                    f": what {name} makes has no such method"
                    if ")." in method
                    else f" has no {name}"
                )
                result.message = f"{exercise.module}.py{what}: was it renamed or deleted?"
            # What an exception says may quote the hidden input.
            result.log = f"{fault.type}: {fault.text}\n{result.log}"
            if self.suite.visible and fault.text and fault.type != "MissingError":
                result.message += f" ({fault.text})"
        if called and result.outcome not in (Outcome.NOT_STARTED, Outcome.NOT_RUN):
            result.mismatch = Mismatch(called, "an answer", result.message)


BOX = pytest.StashKey[tuple[Student, Line]]()
ERROR = pytest.StashKey[BaseException | None]()
TRIALS = pytest.StashKey[Trials]()
TRIES = pytest.StashKey[int]()


def _failed(result: TestResult) -> bool:
    return result.outcome not in (Outcome.PASSED, Outcome.INCONCLUSIVE, Outcome.NO_GPU)


def _marker(item: pytest.Item) -> pytest.Mark:
    marker = item.get_closest_marker("exercise")
    assert marker, f"{item.nodeid} has no @exercise"
    return marker


def _exercise_id(item: pytest.Item) -> str:
    id: str = _marker(item).args[0]
    return id


def _fixtures(item: pytest.Item) -> list[str]:
    names: list[str] = item.fixturenames  # type: ignore[attr-defined]
    return names


def _target(item: pytest.Item) -> str:
    name: str = item.callspec.params["target"]  # type: ignore[attr-defined]
    return name


def _name(item: pytest.Item) -> str:
    name: str = item.originalname  # type: ignore[attr-defined]
    parameters: dict[str, Any] = item.callspec.params  # type: ignore[attr-defined]
    others = [str(value) for key, value in parameters.items() if key != "target"]
    return f"{name}[{'-'.join(others)}]" if others else name


def _property(item: pytest.Item) -> str:
    doc: str = item.function.__doc__ or ""  # type: ignore[attr-defined]
    return doc.strip().partition("\n")[0] or _name(item).replace("_", " ")


@cache
def reference_for(root: Path, needs: tuple[str, ...]) -> dict[str, str]:
    """The reference's modules in which only `needs` (ids) is solved: module → source.

    The solution of the exercise that needs them is not in it, nor anything else. What is not solved
    is named in `__stubs__`.
    """
    sources = {}
    for module in {id.partition(".")[0] for id in needs}:
        path = root / "solutions" / "langmodels" / f"{module}.py"
        source = path.read_text(encoding="utf-8")
        names = {symbol for *_, symbol, _ in regions(source) if f"{module}.{symbol}" not in needs}
        rendered = render(source, module, keep=needs)
        sources[module] = f"{rendered}\n__stubs__ = {sorted(names)}\n"
    return sources
