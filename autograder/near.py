"""The package put together as in a box, but in this process: for authors' code only.

`course verify` runs the suite on it to prove that a test's verdict does not depend on the line
between grader and box.
"""

import ast
import linecache
import random
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, ClassVar, Self

from numpy.random import MT19937, mtrand

from autograder import wire
from autograder.box import Line, computed_too_long
from autograder.catalog import Limits
from autograder.farside import PACKAGE, FarSide, Fault, Load, Sources, seed_all
from autograder.results import Outcome
from autograder.student import another_salt

OURS = re.compile(rf"({PACKAGE}|support|reference_\w+)(\.|$)")  # what a Load imports
_OTHERS: set[str] = set()  # names of modules that are none of these


class NearBox(Line):
    """To those who ask a Box without walls. Use as a context manager, as a Box.

    What crosses the line is the same, and so is what is said of a fault; random states are apart.

    Args:
        load, limits: as of a Box; of the limits only the processor time holds.
        elsewhere: give hash() of text another salt, as in a second process.

    Attributes:
        far: what answers; within the context only.
    """

    def __init__(self, load: Load, limits: Limits, elsewhere: bool = False) -> None:
        super().__init__(load, limits)
        self._elsewhere = elsewhere

    def __enter__(self) -> Self:
        outside = _states()
        with ExitStack() as stack:
            self.far = stack.enter_context(_apart(self._load, self.limits))
            self._inside = _states()
            _set_states(outside)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def object(self, number: int) -> Any:
        """The object itself that a test holds by its number."""
        return self.far.objects[number]

    def _exchange(self, frame: list[memoryview], handle: Callable[[int], Any]) -> Any:
        outside = _states()
        _set_states(self._inside)
        try:
            with another_salt() if self._elsewhere else ExitStack():
                reply = self.far.answer(_arrived(frame, self.far.object))
        finally:
            self._inside = _states()
            _set_states(outside)
        return _arrived(reply, handle)

    def _classify(self, fault: Fault) -> tuple[Outcome, str]:
        if fault.type == "KeyboardInterrupt":  # here it is the author's
            raise KeyboardInterrupt
        if fault.type == _TimeIsOverError.__name__:
            late = computed_too_long(self.limits)
            return late.outcome, late.message
        return super()._classify(fault)


def _arrived(frame: list[memoryview], handle: Callable[[int], Any]) -> Any:
    header, *blobs = frame
    return wire.load(header[wire.PREFIX :], b"".join(blobs), handle)


@contextmanager
def _apart(load: Load, limits: Limits) -> Iterator[FarSide]:
    """What answers for the package of a Load, imported in this process and forgotten afterwards.

    Random states, and a package of the same name that was imported before, are as they were then.
    Raises TimeoutError in the middle of what computes for longer than `limits.cpu_s`.
    """
    states = _states()
    modules, finders = _take_modules(), list(sys.meta_path)
    mtrand.set_bit_generator(MT19937(0))  # numpy's state would take longer to copy
    seed_all(load.seed)
    handler = signal.signal(signal.SIGVTALRM, partial(_stop, limits.cpu_s))
    signal.setitimer(signal.ITIMER_VIRTUAL, limits.cpu_s)
    far = FarSide(load)
    far.sources = partial(_Sources, {load.module, load.tests_for.partition(".")[0]})
    try:
        yield far
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, handler)
        sys.meta_path[:] = finders
        _Sources.forget_changed()
        _take_modules()
        for file in [file for file in linecache.cache if file.startswith(f"{PACKAGE}/")]:
            del linecache.cache[file]  # the next package has others of these names
        sys.modules.update(modules)
        _set_states(states)


class _Sources(Sources):
    """Imports once, for all that follow, what has no part in an exercise.

    That is a module which is none of those in `apart`, and imports none of them. Most of the time
    would go into these: each box of an exercise on language models needs ten of them.
    """

    _shared: ClassVar[dict[frozenset[object], tuple[ModuleType, dict[str, Any]]]] = {}

    def __init__(
        self, apart: Set[str], files: Mapping[str, bytes], instead: Mapping[str, bytes] = {}
    ) -> None:
        super().__init__(files, instead)
        self._apart = {f"{PACKAGE}.{name}" for name in apart}

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """One that has been imported before, where that will do."""
        module, _ = self._shared.get(self._key(spec.name), (None, None))
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code, if that has not been done."""
        key = self._key(module.__name__)
        if key not in self._shared:
            super().exec_module(module)
            if key:
                self._shared[key] = module, dict(vars(module))

    @classmethod
    def forget_changed(cls) -> None:
        """Import anew what somebody has put something else into."""
        for key, (module, before) in list(cls._shared.items()):
            now = vars(module)
            changed = (now.get(n) is not v for n, v in before.items() if not n.startswith("__"))
            if len(now) != len(before) or any(changed):
                del cls._shared[key]

    def _key(self, name: str) -> frozenset[object]:
        """A name for a module and all that it imports; empty where it cannot be shared."""
        found: dict[str, bytes] = {}
        waiting = {name} - {PACKAGE}  # which has the others for its attributes
        while waiting:
            here = waiting.pop()
            if file := self._file(here) if here.startswith(PACKAGE) else "":
                found[here] = self.files[file]
                if file in self._covered or here in self._apart:
                    return frozenset()
                waiting |= _imported(found[here]) - found.keys()
        return frozenset(found.items() | {name}) if found else frozenset()


@cache
def _imported(source: bytes) -> Set[str]:
    """Every name that may be that of a module which the source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            origin = ".".join([PACKAGE] * bool(node.level) + [node.module or ""]).strip(".")
            found |= {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def _states() -> tuple[Any, ...]:
    """What code on the two sides of a line has apart: random states, and whether torch records."""
    torch = sys.modules.get("torch")
    torchs = (torch.get_rng_state(), torch.is_grad_enabled()) if torch else None
    return random.getstate(), mtrand.get_bit_generator(), torchs


def _set_states(states: tuple[Any, ...]) -> None:
    ours, numpys, torchs = states
    random.setstate(ours)
    mtrand.set_bit_generator(numpys)
    if torchs is not None:
        torch = sys.modules["torch"]
        torch.set_rng_state(torchs[0])
        torch.set_grad_enabled(torchs[1])


def _take_modules() -> dict[str, ModuleType]:
    """Take what a Load imports out of this process."""
    unknown = sys.modules.keys() - _OTHERS  # thousands are there
    ours = {name for name in unknown if OURS.match(name)}
    _OTHERS.update(unknown - ours)
    return {name: sys.modules.pop(name) for name in ours}


class _TimeIsOverError(TimeoutError):
    pass


def _stop(seconds: float, number: int, frame: FrameType | None) -> None:
    """Break off what computes; give what imports a library the time once more.

    Half a library would stay in this process, for all that follow. A box has imported it before.
    """
    while frame and not frame.f_code.co_filename.startswith(f"{PACKAGE}/"):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            return
        frame = frame.f_back
    raise _TimeIsOverError("the time for one test is over")
