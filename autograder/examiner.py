"""The examiner: runs a suite against packages in boxes and says how each test ended.

It is the only one that knows tests and expected values. A `Target` is one package to examine:
a submission, the reference, or the reference with a mistake in it.
"""

import ast
import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from autograder import wire
from autograder.box import BoxError, ChildProcess, StudentFaultError
from autograder.catalog import Catalog, Exercise
from autograder.plugin import BOXES, DEFAULT_SEED, support_path
from autograder.results import (
    Mismatch,
    Outcome,
    TestResult,
)
from autograder.student import RemotePackage, Student
from autograder.sync import render, write_text
from autograder.testing import MismatchError
from autograder.worker import Load


class Target(msgspec.Struct, frozen=True):
    """A package to examine.

    Attributes:
        name: unique in a run.
        package: the folder that holds langmodels/.
        own_needs: True where everything is the package's own; else what an exercise needs comes
            from the reference, so that one mistake costs once.
        override, null: see worker.Load.
        stop: a package that must fail: its other tests are left out after the first failure.
    """

    name: str
    package: Path
    own_needs: bool = True
    override: Path | None = None
    null: str = ""
    stop: bool = False


class Suite(msgspec.Struct, frozen=True):
    """Where the tests of each chapter are, and whether a student may see them."""

    folder: Path
    visible: bool

    def files(self, catalog: Catalog, exercises: Sequence[Exercise]) -> list[Path]:
        """The test files of the exercises' chapters."""
        chapters = {catalog.chapter_of(e).folder.name for e in exercises}
        return [f for c in sorted(chapters) for f in sorted((self.folder / c).glob("test_*.py"))]


def examine(
    targets: Sequence[Target],
    exercises: Sequence[Exercise],
    suite: Suite,
    catalog: Catalog,
    root: Path,
    seed: int = DEFAULT_SEED,
    progress: Callable[[TestResult], None] = lambda result: None,
) -> dict[str, dict[str, list[TestResult]]]:
    """Run the tests of `exercises` on every target.

    Returns:
        target name → exercise id → results, in the order of the suite. An exercise without any
        test in the suite has an empty list.
    """
    examination = Examination(targets, exercises, suite, catalog, root, progress)
    files = suite.files(catalog, exercises)
    arguments = [
        *map(str, files),
        "--disable-plugin-autoload",
        f"--rootdir={root}",
        f"--seed={seed}",
        "--config-file",
        str(Path(__file__).with_name("examiner.ini")),
        *("-p", "autograder.plugin", "-p", "no:cacheprovider", "--import-mode=importlib"),
    ]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = pytest.main(arguments, plugins=[examination])
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    ran = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED
    if status not in ran:
        raise RuntimeError(f"the suite itself does not run:\n{said.getvalue()[-3000:]}")
    return examination.results


class Examination:
    """A pytest plugin for one session: boxes in, results out."""

    def __init__(
        self,
        targets: Sequence[Target],
        exercises: Sequence[Exercise],
        suite: Suite,
        catalog: Catalog,
        root: Path,
        progress: Callable[[TestResult], None],
    ) -> None:
        self.targets = {target.name: target for target in targets}
        self.exercises = {exercise.id: exercise for exercise in exercises}
        self.suite, self.catalog, self.root = suite, catalog, root
        self.progress = progress
        self.results: dict[str, dict[str, list[TestResult]]] = {
            name: {id: [] for id in self.exercises} for name in self.targets
        }
        self._unwritten: dict[tuple[Path, str], Mapping[str, int]] = {}
        self._import_faults: dict[tuple[Path, str], StudentFaultError | None] = {}

    # --- pytest's hooks ---

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the `student` fixture open boxes."""
        config.stash[BOXES] = self

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run each test once for each target."""
        metafunc.fixturenames.append("target")
        metafunc.parametrize("target", list(self.targets), scope="function")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests of the chosen exercises, in the order of the catalog."""
        order = {id: position for position, id in enumerate(self.exercises)}
        kept = [item for item in items if _exercise_id(item) in order]
        items[:] = sorted(kept, key=lambda item: order[_exercise_id(item)])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Leave out what a caught mistake has no need of."""
        target = self.targets[_target(item)]
        done = self.results[target.name][_exercise_id(item)]
        caught = any(result.outcome is not Outcome.PASSED for result in done)
        return True if target.stop and caught else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Turn how a test ended into a result, once its box is closed.

        pytest's own report would spend most of the run on tracebacks that nobody reads.
        """
        if call.excinfo and ERROR not in item.stash:
            item.stash[ERROR] = call.excinfo.value
        if call.when == "teardown":
            self._record(item, item.stash.get(ERROR, None))
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    # --- boxes ---

    @contextmanager
    def open_box(self, item: pytest.Item) -> Iterator[Student]:
        """A fresh box for this test, with the target's package in it."""
        target, exercise = self.targets[_target(item)], self.exercises[_exercise_id(item)]
        self._refuse_early(target, exercise)
        limits = exercise.limits
        with ChildProcess(self._load(target, exercise, support_path(item.path)), limits) as box:
            student = Student(RemotePackage(box))
            item.stash[BOX] = student, box
            box.load()
            yield student

    def _load(self, target: Target, exercise: Exercise, support: Path | None) -> Load:
        needs: dict[str, list[str]] = {}
        folder = Path()
        if not target.own_needs:
            ids = self.catalog.needed_by(exercise)
            for id in ids:
                module, _, symbol = id.partition(".")
                needs.setdefault(module, []).append(symbol)
            folder = needs_folder(self.root, exercise, ids)
        return Load(
            package=str(target.package),
            given=str(self.root / "src" / "langmodels"),
            memory_mb=exercise.limits.memory_mb,
            cpu_s=exercise.limits.cpu_s,
            module=exercise.module,
            symbol=exercise.symbol,
            needs=needs,
            needs_folder=str(folder),
            support=str(support or ""),
            override=str(target.override or ""),
            null=target.null,
        )

    def _refuse_early(self, target: Target, exercise: Exercise) -> None:
        """Say what can be said without running anything: not started, or a need that failed."""
        if target.override or target.null:
            return
        key = target.package, exercise.module
        if key not in self._unwritten:
            self._unwritten[key] = unwritten(target.package / "langmodels", exercise.module)
            self._import_faults[key] = self._probe(target, exercise)
        if fault := self._import_faults[key]:
            raise fault
        if line := self._unwritten[key].get(exercise.id):
            message = f"not written yet: see {exercise.module}.py, line {line}"
            raise StudentFaultError(Outcome.NOT_STARTED, message)
        if target.own_needs:
            for need in self.catalog.needed_by(exercise):
                done = self.results[target.name].get(need, [])
                if any(result.outcome is not Outcome.PASSED for result in done):
                    message = f"not run, because it builds on {need}, which does not pass yet"
                    raise StudentFaultError(Outcome.NOT_RUN, message)

    def _probe(self, target: Target, exercise: Exercise) -> StudentFaultError | None:
        """Import the module once: what fails or hangs there must not do so in every test."""
        path = target.package / "langmodels" / f"{exercise.module}.py"
        if path.exists() and (problem := why_unreadable(path)):
            return StudentFaultError(Outcome.ERROR, problem)
        load = self._load(msgspec.structs.replace(target, own_needs=True), exercise, None)
        with ChildProcess(load, exercise.limits) as box:
            try:
                box.load()
            except StudentFaultError as error:
                error.message = f"{exercise.module}.py cannot be imported: {error.message}"
                return error
        return None

    # --- results ---

    def _record(self, item: pytest.Item, error: BaseException | None) -> None:
        exercise = self.exercises[_exercise_id(item)]
        result = TestResult(
            name=_name(item),
            outcome=Outcome.PASSED,
            message="",
            property=_property(item),
            weight=float(_marker(item).kwargs.get("weight", 1)),
            visible=self.suite.visible,
        )
        called = ""
        if BOX in item.stash:
            student, box = item.stash[BOX]
            called, result.log = student.last_call, box.output.decode("utf-8", "replace")
        match error:
            case None:
                pass
            case MismatchError():
                given = error.given or called
                result.outcome = Outcome.WRONG
                result.message = "the answer is not the expected one"
                result.mismatch = Mismatch(given, error.expected, error.got, error.where)
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
                    f"what {name} makes has no such method" if ")." in method else f"has no {name}"
                )
                result.message = f"{exercise.module}.py: {what}: was it renamed or deleted?"
            # What an exception says may quote the hidden input.
            result.log = f"{fault.type}: {fault.text}\n{result.log}"
            if self.suite.visible and fault.text:
                result.message += f" ({fault.text})"
        if called and result.outcome not in (Outcome.NOT_STARTED, Outcome.NOT_RUN):
            result.mismatch = Mismatch(called, "an answer", result.message)


BOX = pytest.StashKey[tuple[Student, ChildProcess]]()
ERROR = pytest.StashKey[BaseException]()


def _marker(item: pytest.Item) -> pytest.Mark:
    marker = item.get_closest_marker("exercise")
    assert marker, f"{item.nodeid} has no @exercise"
    return marker


def _exercise_id(item: pytest.Item) -> str:
    id: str = _marker(item).args[0]
    return id


def _target(item: pytest.Item) -> str:
    name: str = item.callspec.params["target"]  # type: ignore[attr-defined]
    return name


def _name(item: pytest.Item) -> str:
    name: str = item.originalname  # type: ignore[attr-defined]
    return name


def _property(item: pytest.Item) -> str:
    doc: str = item.function.__doc__ or ""  # type: ignore[attr-defined]
    return doc.strip().partition("\n")[0] or _name(item).replace("_", " ")


def why_unreadable(path: Path) -> str | None:
    """One sentence that says why a file is no Python source, or None if it is."""
    content = path.read_bytes()
    try:
        ast.parse(content.decode())
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return f"{path.name}, line {line}: not UTF-8 text; save the file as UTF-8"
    except SyntaxError as error:
        code = f": {error.text.strip()}" if error.text and error.text.strip() else ""
        return f"{path.name}, line {error.lineno or 1}: syntax error, {error.msg}{code}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"{path.name} cannot be parsed: {error}"
    return None


def unwritten(package: Path, module: str) -> dict[str, int]:
    """The exercises of a module that still raise NotImplementedError("their id").

    Returns:
        id → the first line that does. Empty where the module cannot be read.
    """
    try:
        tree = ast.parse((package / f"{module}.py").read_bytes())
    except (SyntaxError, ValueError, OSError, RecursionError):
        return {}
    found: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            id = f"{module}.{node.name}"
            lines = [
                n.lineno for n in ast.walk(node) if isinstance(n, ast.Raise) and _raises(n, id)
            ]
            if lines:
                found[id] = min(lines)
    return found


def _raises(node: ast.AST, id: str) -> bool:
    match node:
        case ast.Raise(
            exc=ast.Call(func=ast.Name(id="NotImplementedError"), args=[ast.Constant(value=text)])
        ):
            return bool(text == id)
    return False


def needs_folder(root: Path, exercise: Exercise, needs: Sequence[str]) -> Path:
    """A folder with the reference's modules in which only `needs` is solved.

    The solution of the exercise itself is not in it, nor anything that it does not need.
    """
    folder = root / "build" / "needs" / exercise.id
    for module in {exercise.module, *(id.partition(".")[0] for id in needs)}:
        source = (root / "solutions" / "langmodels" / f"{module}.py").read_text(encoding="utf-8")
        text = render(source, module, keep=needs)
        path = folder / f"{module}.py"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)
    return folder
