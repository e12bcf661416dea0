"""What the tests are worth that a student wrote: right solutions pass them, wrong ones do not.

The tests run on versions of the function that they are for. Right versions show which of them
demand too much: those do not count. Wrong versions show what the others notice. Tests and version
are in two boxes, each anew for every version; what a test calls goes from one through the examiner
to the other. So the tests can see what a version does, and never what it is.

How a test ended is what the student's box says. It can be about nothing but what the version did:
no more is known there. A test that ends now this way and now that on one version does not count.
"""

import builtins
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from autograder import testbed, testing
from autograder.box import Box, Line, StudentFaultError, line_of
from autograder.catalog import Limits, load_catalog
from autograder.farside import ATTEMPTS, Fault, Load, taken
from autograder.library import load_alternatives, mistakes_in_answers
from autograder.near import NearBox
from autograder.results import Outcome
from autograder.submission import read_package
from autograder.testing import FeedbackError

MAX_CALLS = 10_000  # of the function, by all tests together
MAX_LOG = 4_000  # characters
MAX_ENDS = 1_000  # tests; a function with parameters is several
# Answers without content that tests must notice, and what they are called.
ANSWERS = {
    "zeros": "nothing but zeros",
    "ones": "nothing but ones",
    "nan": "nothing but nan",
    "input": "the first argument itself",
}
# What a version may raise that the tests can see; its own kinds of exception stay with it.
RAISED = {
    *("ArithmeticError", "AssertionError", "AttributeError", "Exception", "IndexError", "KeyError"),
    *("LookupError", "MemoryError", "NameError", "NotImplementedError", "OverflowError"),
    *("RecursionError", "RuntimeError", "TimeoutError", "TypeError", "ValueError"),
    "ZeroDivisionError",
}


class Version(msgspec.Struct, frozen=True):
    """One way in which the function is written, and what to call it."""

    title: str
    load: Load


class End(msgspec.Struct, array_like=True):
    """How one test ended, as the student's box says."""

    test: str
    outcome: str
    fault: Fault | None = None

    @property
    def function(self) -> str:
        """The test's function: its parameters are one with it."""
        return self.test.partition("[")[0]


# The tests on one version; the box in which they were is shown to the second argument.
Run = Callable[[Load, Callable[[Box], None]], list[End]]


class Findings(msgspec.Struct):
    """What the tests did on all versions.

    Attributes:
        functions: those that count.
        rejected: those that do not, and why.
        noticed: wrong version → the functions that count and fail on it.
        faults: wrong version → why the tests did not come to an end on it.
    """

    functions: set[str]
    rejected: dict[str, str]
    noticed: dict[Any, set[str]]
    faults: dict[Any, StudentFaultError]


class Trials:
    """The tests of one package on all versions.

    Attributes:
        record: told of a property in words ("property", …) that is more exact than the docstring
            of the test that asks; pytest's `record_property`.
        log: what the tests said and printed, for the instructor.
        attempts: what their boxes were asked for and refused.
    """

    def __init__(
        self,
        tests: Load,
        right: Sequence[Version],
        wrong: Mapping[Any, Version],
        run: Run,
        is_open: bool,
    ) -> None:
        self.tests, self.right, self.wrong, self._run = tests, right, wrong, run
        self._is_open = is_open  # the wrong versions may be called by name
        self._found: Findings | StudentFaultError | None = None
        self.record: Callable[[str, object], None] = lambda name, value: None
        self.log = ""
        self.attempts: list[str] = []

    def expect_accepted(self) -> None:
        """Require that right versions pass, and that not everything does.

        Raises FeedbackError, or StudentFaultError where the tests do not come to an end.
        """
        found = self._findings()
        if found.rejected:
            first, *others = (
                f"{name} does not count: {why}" for name, why in found.rejected.items()
            )
            more = f"; {len(others)} more of your tests do not count" if others else ""
            raise FeedbackError(first + more)
        if not found.functions:
            raise FeedbackError("no test was found: its name has to begin with test_")
        if not any(found.noticed.values()):
            raise FeedbackError("right solutions pass your tests, but so do all wrong ones")

    def expect_noticed(self, key: Any) -> None:
        """Require that a wrong version fails a test that right ones pass.

        Raises FeedbackError, or StudentFaultError where the tests do not come to an end.
        """
        found = self._findings()
        title, number = self.wrong[key].title, [*self.wrong].index(key) + 1
        missed = [k for k in self.wrong if not found.noticed.get(k)]
        is_told = self._is_open or key not in missed
        what = title if is_told else f"wrong solution {number}"
        self.record("property", f"notices {what}")
        if key in found.faults:
            raise found.faults[key]
        if key in missed:
            # One name is a hint; all of them would be the list of what to write.
            hint = f": {title}" if self._is_open or key == missed[0] else ""
            raise FeedbackError(f"it passes all your tests that count{hint}")

    def _findings(self) -> Findings:
        testing.note_expectation()
        if self._found is None:
            self.log, self.attempts = "", []
            try:
                self._found = self._examine()
            except StudentFaultError as error:
                self._found = error
        if isinstance(self._found, StudentFaultError):
            raise self._found
        return self._found

    def _examine(self) -> Findings:
        """Run the tests on every version."""
        passed: list[set[str]] = []
        fickle: set[str] = set()
        found = Findings(set(), {}, {}, {})
        for version in self.right:
            ends, failed = self._try_twice(version, fickle)
            for name, end in failed.items():
                why = f"a right solution fails it ({version.title}){self._place(end)}"
                found.rejected.setdefault(name, why)
            passed.append({end.function for end in ends} - {*failed})
        found.functions = set.intersection(*passed)
        for name in sorted(set.union(*passed) - found.functions):
            found.rejected.setdefault(name, "it does not run on every right solution")
        for key, version in self.wrong.items():
            if not found.functions - fickle:
                break
            try:
                found.noticed[key] = {*self._try_twice(version, fickle)[1]}
            except StudentFaultError as error:
                found.faults[key] = error
        for name in sorted(fickle & found.functions):
            found.rejected[name] = "on one and the same solution it now passes and now fails"
        found.functions -= fickle
        for noticed in found.noticed.values():
            noticed &= found.functions
        return found

    def _try_twice(self, version: Version, fickle: set[str]) -> tuple[list[End], dict[str, End]]:
        """How the tests end, and those that fail; chance must not earn anything.

        Functions that end differently the second time are added to `fickle`.
        """
        ends = self._try(version)
        once, again = _failed(ends), _failed(self._try(version))
        fickle |= {*once} ^ {*again}
        return ends, once | again

    def _try(self, version: Version) -> list[End]:
        ends = self._run(version.load, self._hear)
        for end in ends:
            if end.fault:
                text = f"{end.fault.type}: {' '.join(end.fault.text.split())}"
                self.log += f"{version.title} | {end.test} {end.outcome} | {text}\n"
        self.log = self.log[:MAX_LOG]
        source = self._source()
        for end in ends:
            # A name is shown to the student, so it must be one that stands in the submission.
            parts = end.function.split("::")
            if not all(part.isidentifier() and part in source for part in parts):
                end.test = "a test that pytest cannot collect"
        return ends

    def _hear(self, box: Box) -> None:
        self.log = (self.log + box.output.decode(errors="replace"))[:MAX_LOG]
        self.attempts = [word for word in ATTEMPTS if word in {*self.attempts, *box.attempts}]

    def _source(self) -> str:
        name = f"{self.tests.module}.py"
        own = self.tests.files.get(name, self.tests.given.get(name, b""))
        return own.decode(errors="replace") + self.tests.override

    def _place(self, end: End) -> str:
        """Which exception came, if it is one of Python's, and in which line of the submission."""
        if not end.fault:
            return ""
        known = isinstance(getattr(builtins, end.fault.type, None), type)
        code = line_of(self.tests, end.fault)
        place = f" in {end.fault.file}, line {end.fault.line}: {code}" if code else ""
        return f": {end.fault.type if known else 'it fails'}{place}"


def _failed(ends: Sequence[End]) -> dict[str, End]:
    """The functions of which a test did not pass, each with the first such test."""
    return {end.function: end for end in reversed(ends) if end.outcome in ("failed", "error")}


# --- The versions -----------------------------------------------------------------------------


def trials_of(tests: Load, root: Path, visible: bool, run: Run) -> Trials:
    """The tests in a package, and the versions to run them on.

    Visible tests need nothing that a student does not have: their versions are the student's own
    function, and answers of it that have no content. The others are the reference and its
    alternatives, and the mistakes of the library, numbered from 0.
    """
    versions = _own_versions(tests) if visible else _known_versions(tests, root)
    return Trials(tests, *versions, run, is_open=visible)


def _own_versions(tests: Load) -> tuple[list[Version], dict[Any, Version]]:
    module, _, symbol = tests.tests_for.partition(".")
    own = Load(tests.files, tests.given, module, symbol, seed=tests.seed)
    wrong = {
        null: Version(f"an answer of {words}", msgspec.structs.replace(own, null=null))
        for null, words in ANSWERS.items()
    }
    return [Version("your own function", own)], wrong


def _known_versions(tests: Load, root: Path) -> tuple[list[Version], dict[Any, Version]]:
    tested = load_catalog(root / "exercises").exercises[tests.tests_for]
    files = read_package(root / "solutions" / "langmodels")
    reference = Load(files, module=tested.module, symbol=tested.symbol, seed=tests.seed)

    def version(title: str, path: Path) -> Version:
        source = path.read_text(encoding="utf-8")
        return Version(title, msgspec.structs.replace(reference, override=source))

    right = [version(a.title, a.path) for a in load_alternatives(root, tested)]
    wrong = [version(f"“{m.title.rstrip('.')}”", m.path) for m in mistakes_in_answers(root, tested)]
    return [Version("the course's own", reference), *right], dict(enumerate(wrong))


# --- Running ----------------------------------------------------------------------------------


def run_near(tests: Load, limits: Limits, version: Load, hear: Callable[[Box], None]) -> list[End]:
    """Run the tests on a version in this process: for authors' code only. There is no box."""
    with ExitStack() as stack:
        there = stack.enter_context(NearBox(version, limits))
        _load(there, tests)  # first: what is imported later would be one with the tests' modules
        here = stack.enter_context(NearBox(tests, limits))
        here.ask("load")
        here.far.tested = testbed.caller(_Near(_Answers(there)))
        return _ends(here.ask("test"))


class _Near:
    """Asks at once: between boxes a question goes through the examiner."""

    def __init__(self, answer: "_Answers") -> None:
        self._answer = answer

    def ask(self, action: str, *arguments: Any, **_: Any) -> Any:
        """See FarSide.ask."""
        return taken(*self._answer(action, arguments))


def run_boxed(
    tests: Load,
    limits: Limits,
    imports: Sequence[str],
    version: Load,
    hear: Callable[[Box], None],
) -> list[End]:
    """Run the tests in a box, and the version in another.

    Raises StudentFaultError if the tests do not come to an end.
    """
    with Box(version, limits, imports) as there, Box(tests, limits, imports) as here:
        _load(there, tests)
        try:
            here.ask("load")
            answer = _Answers(there)
            said = here.ask("test")
            while True:
                match said:
                    case ("ask", str(action), tuple(arguments)):
                        said = here.ask("resume", *answer(action, arguments))
                    case _:
                        return _ends(said)
        finally:
            hear(here)


def _load(version: Line, tests: Load) -> None:
    try:
        version.ask("load")
    except StudentFaultError as error:
        raise RuntimeError(f"a version of {tests.tests_for} fails: {error}") from None


class _Answers:
    """Has the box with a version answer what the tests ask."""

    def __init__(self, box: Line) -> None:
        self._box = box
        self._calls = 0
        self._end: tuple[str, ...] = ()  # the answer to everything, once the box is lost

    def __call__(self, action: str, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """("value", the result), or ("fault", the name of one of Python's exceptions, its text)."""
        self._calls += 1
        if self._calls > MAX_CALLS:
            message = f"your tests call the function more than {MAX_CALLS:,} times"
            raise StudentFaultError(Outcome.ERROR, message)
        match action, arguments:
            case "consult", (tuple(), dict(), bool(), list()):
                pass
            case "backward", (int(), tuple() | list()):
                pass
            case _:
                raise _no_answer()
        if self._end:
            return self._end
        try:
            return "value", self._box.ask(action, *arguments)
        except StudentFaultError as error:
            if error.fault:
                return "fault", *_raised(error.fault)
            kinds = {Outcome.TIMEOUT: "TimeoutError", Outcome.OUT_OF_MEMORY: "MemoryError"}
            self._end = "fault", kinds.get(error.outcome, "RuntimeError"), "it gives no answer"
            return self._end


def _raised(fault: Fault) -> tuple[str, str]:
    """The name of one of Python's exceptions and its text."""
    return next((kind for kind in fault.kinds if kind in RAISED), "RuntimeError"), fault.text


def _ends(said: Any) -> list[End]:
    """What a box says of its tests, if it has the form that it must have."""
    match said:
        case ("end", list(ends)) if len(ends) <= MAX_ENDS:
            try:
                return msgspec.convert(ends, list[End])
            except msgspec.ValidationError:
                pass
        case ("end", list()):
            message = f"there are more than {MAX_ENDS:,} tests"
            raise StudentFaultError(Outcome.ERROR, message)
    raise _no_answer()


def _no_answer() -> StudentFaultError:
    message = "your code answered with something that is no answer"
    return StudentFaultError(Outcome.CRASHED, message)
