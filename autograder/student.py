"""The `student` fixture: one way to call a student's package, near or far.

Near, it is the real package in this process: fast, and a debugger can step into it. Far, every
call is a message to a box (see box.py). Either way it remembers the last call in words, for the
message of a test that fails.
"""

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

from autograder import wire
from autograder.box import ChildProcess
from autograder.testing import show


class Package(Protocol):
    """Where the calls go. A target is a module's name or what an earlier call kept."""

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Plain data, or with `keep` a target for later calls."""
        ...


class Student:
    """`student.MODULE.FUNCTION(…)`: the package behind a fixture."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.last_call = ""

    def __getattr__(self, module: str) -> "_Module":
        return _Module(self, module)

    def _run(
        self, target: Any, name: str, text: str, call: tuple[tuple[Any, ...], dict[str, Any], bool]
    ) -> Any:
        args, kwargs, keep = call
        parts = [_words(argument) for argument in args]
        parts += [f"{key}={_words(argument)}" for key, argument in kwargs.items()]
        text = self.last_call = f"{text}({', '.join(parts)})"
        result = self._package.call(target, name, args, kwargs, keep)
        return Handle(self, text, result) if keep else result


def _words(argument: Any) -> str:
    return argument._text if isinstance(argument, Handle) else show(argument)


class _Module:
    def __init__(self, student: Student, module: str) -> None:
        self._student, self._module = student, module

    def __getattr__(self, name: str) -> "Function":
        return Function(name, lambda *call: self._student._run(self._module, name, name, call))


class Function:
    """A function of the student's. Call it for plain data, `.obj` it for a handle."""

    def __init__(
        self, name: str, run: Callable[[tuple[Any, ...], dict[str, Any], bool], Any]
    ) -> None:
        self._gives_object = name[:1].isupper()  # a class
        self._run = run

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it; the result is plain data, or a handle where this is a class."""
        return self._run(args, kwargs, self._gives_object)

    def obj(self, *args: Any, **kwargs: Any) -> "Handle":
        """Call it and leave the result where it is."""
        handle: Handle = self._run(args, kwargs, True)
        return handle


class Handle:
    """An object that stays with the student's code. Only its methods can be called from here."""

    def __init__(self, student: Student, text: str, target: Any) -> None:
        self._student, self._text, self._target = student, text, target

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        text = f"{self._text}.{name}"
        return Function(name, lambda *call: self._student._run(self._target, name, text, call))

    def _refuse(self, *_: Any) -> Any:
        raise TypeError("a student's object has no say here: ask it for plain data and judge that")

    __bool__ = __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __mul__ = __len__ = __iter__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class LocalPackage:
    """`langmodels` as this process imports it, and the `support.py` of the suite."""

    def __init__(self, support: ModuleType | None = None) -> None:
        self._support = support

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Call it here and now; `keep` changes nothing, the object itself is the target."""
        if isinstance(target, str):  # not a kept object, whose == would be the student's
            near = self._support if target == "support" else None
            target = near or importlib.import_module(f"langmodels.{target}")
        own = [_target(argument) for argument in args]
        return getattr(target, name)(*own, **{key: _target(a) for key, a in kwargs.items()})


def _target(argument: Any) -> Any:
    return argument._target if isinstance(argument, Handle) else argument


class RemotePackage:
    """The package in a box."""

    def __init__(self, box: ChildProcess) -> None:
        self._box = box

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Send the call. Raises StudentFaultError if no answer comes back."""
        sent = wire.encode(args, _number), wire.encode(kwargs, _number)
        answer = self._box.call(target, name, *sent, keep)
        if keep:
            return wire.decode(answer, int)
        return wire.decode(answer, _no_handle)


def _number(value: Any) -> int | None:
    return value._target if isinstance(value, Handle) else None


def _no_handle(number: int) -> Any:
    raise wire.ProtocolError("a handle where data was asked for")
