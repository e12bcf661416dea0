"""The `student` fixture: one way to call a student's package, near or far.

Near, it is the real package in this process: fast, and a debugger can step into it. Far, every
call is a message to a box (see box.py). Either way it remembers the last call in words, for the
message of a test that fails, and gradients flow: a tensor that comes back from a box can be part
of a loss, and `loss.backward()` reaches the student's parameters and the tensors that the call was
given (not those given to an earlier call whose result is still over there).
"""

import builtins
import importlib
import itertools
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from autograder import wire
from autograder.box import Line
from autograder.farside import go_back, grad_mode, trainable
from autograder.meter import Cost, Meter, running, synchronize
from autograder.testing import show


class Package(Protocol):
    """Where the calls go. A target is a module's name or what an earlier call kept."""

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Plain data, or with `keep` a target for later calls."""
        ...

    def iterate(self, target: Any) -> Iterator[Any]:
        """The items of a kept object, plain data."""
        ...

    def look(self, what: str, target: Any, *how: str) -> Any:
        """`read` an attribute, or a module's `parameters` or `gradients`."""
        ...

    def measure(self) -> None:
        """From here on count what the student's code costs."""
        ...

    def cost(self) -> Cost:
        """What it has cost since `measure`; the counting ends."""
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
    """An object that stays with the student's code.

    It can be called, its methods can be, and it can be iterated over; what comes back is plain
    data. What gives the object itself back (`model.eval()`) gives None here.
    """

    def __init__(self, student: Student, text: str, target: Any) -> None:
        self._student, self._text, self._target = student, text, target

    def __repr__(self) -> str:
        """As it was made: what a call is told by, where this is within an argument of it."""
        return self._text

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        text = f"{self._text}.{name}"
        return Function(name, lambda *call: self._student._run(self._target, name, text, call))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object itself, an nn.Module for instance."""
        return self._student._run(self._target, "__call__", self._text, (args, kwargs, False))

    def __iter__(self) -> Iterator[Any]:
        """Its items as they come, plain data."""
        return self._student._package.iterate(self._target)

    def _refuse(self, *_: Any) -> Any:
        raise TypeError("a student's object has no say here: ask it for plain data and judge that")

    __bool__ = __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __mul__ = __len__ = __contains__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def read(handle: Handle, path: str) -> Any:
    """An attribute of the object that is plain data; `path` may have dots."""
    handle._student.last_call = f"{handle._text}.{path}"
    return handle._student._package.look("read", handle._target, path)


def parameters(handle: Handle) -> dict[str, Any]:
    """The parameters of an nn.Module by name, detached."""
    handle._student.last_call = f"{handle._text}.named_parameters()"
    found: dict[str, Any] = handle._student._package.look("parameters", handle._target)
    return found


def gradients(handle: Handle) -> dict[str, Any]:
    """What `loss.backward()` left in the parameters of an nn.Module: name → tensor or None."""
    handle._student.last_call = f"the gradients of {handle._text}"
    found: dict[str, Any] = handle._student._package.look("gradients", handle._target)
    return found


class LocalPackage:
    """`langmodels` as this process imports it, and the `support.py` of the suite.

    What goes in and what comes out are copies, and only what could cross to a box does.
    """

    def __init__(self, support: ModuleType | None = None) -> None:
        self._support = support
        self._meter: Meter | None = None

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Call it here and now; with `keep` the object itself is the target."""
        if isinstance(target, str):  # not a kept object, whose == would be the student's
            near = self._support if target == "support" else None
            target = near or importlib.import_module(f"langmodels.{target}")
        is_apart = bool(self._meter) and _grad_enabled()  # the way back is measured as well
        inputs = trainable([args, kwargs]) if is_apart and not keep else []
        copies: list[Any] = []

        def copy(tensor: Any) -> Any:
            copies.append((_without_history if keep or is_apart else _with_history)(tensor))
            return copies[-1]

        args, kwargs = _across([args, kwargs], copy)
        with grad_mode(_grad_enabled()), running(self._meter):
            result = getattr(target, name)(*args, **kwargs)
        synchronize()
        if keep:
            return result
        if result is target:
            return None
        if not is_apart:
            return _across(result, _with_history)
        outputs, leaves = trainable(result), [c for c in copies if c.requires_grad]

        def back(gradients: Sequence[Any]) -> list[Any]:
            arrived = _across(list(gradients), _without_history)
            with running(self._meter):
                found = go_back(outputs, leaves, arrived)
            answer: list[Any] = _across(found, _without_history)
            return answer

        result = _across(result, _without_history)
        return _tied(result, back, inputs)[0] if outputs else result

    def iterate(self, target: Any) -> Iterator[Any]:
        """The items of the object, as they come."""
        with running(self._meter):
            iterator = iter(target)
        return self._items(iterator)

    def _items(self, iterator: Iterator[Any]) -> Iterator[Any]:
        while True:
            # A generator may leave the mode changed.
            with grad_mode(_grad_enabled()), running(self._meter):
                items = list(itertools.islice(iterator, 1))
            if not items:
                return
            yield _across(items[0], lambda tensor: tensor.detach().clone())

    def look(self, what: str, target: Any, *how: str) -> Any:
        """See FarSide, which does the same."""
        if what == "read":
            for name in how[0].split("."):
                target = getattr(target, name)
            return _across(target, _without_history)
        named = dict(target.named_parameters())
        found = {n: p.detach() if what == "parameters" else p.grad for n, p in named.items()}
        return _across(found, _without_history)

    def measure(self) -> None:
        """From here on count what the package costs, without the copies made here."""
        self._meter = Meter()

    def cost(self) -> Cost:
        """What it has cost; here the kernel has no account of it."""
        assert self._meter, "nothing is being measured"
        meter, self._meter = self._meter, None
        return meter.cost()


class AsIfElsewhere(LocalPackage):
    """A package in this process whose hash() of text has another salt, as in a second process."""

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Call it with the builtin replaced for so long."""
        with another_salt():
            return super().call(target, name, args, kwargs, keep)


@contextmanager
def another_salt() -> Iterator[None]:
    """Have hash() of text say something else, as in a second process."""
    plain = builtins.hash
    builtins.hash = lambda value: plain(
        value if isinstance(value, int | float) else ("another salt", value)
    )
    try:
        yield
    finally:
        builtins.hash = plain


def _across(value: Any, copy: Callable[[Any], Any]) -> Any:
    """The data as it would arrive over there: tensors copied, handles as their objects."""
    tensor = getattr(sys.modules.get("torch"), "Tensor", ())
    there: list[Any] = []

    def number(part: Any) -> int | None:
        if isinstance(part, Handle):
            there.append(part._target)
        elif isinstance(part, tensor):
            there.append(copy(part))
        else:
            return None
        return len(there) - 1

    header, *arrays = wire.dump(value, number)
    return wire.load(header[wire.PREFIX :], b"".join(arrays), there.__getitem__)


def _without_history(tensor: Any) -> Any:
    return tensor.detach().contiguous().clone().requires_grad_(tensor.requires_grad)


def _with_history(tensor: Any) -> Any:
    return tensor.contiguous().clone() if _grad_enabled() else _without_history(tensor)


def _grad_enabled() -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and torch.is_grad_enabled()


class RemotePackage:
    """The package in a box, or what stands for one."""

    def __init__(self, box: Line) -> None:
        self._box = box
        self._forgotten: list[int] = []  # numbers of what nothing here refers to any more

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Send the call. Raises StudentFaultError if no answer comes back."""
        forget = [self._forgotten.pop() for _ in range(len(self._forgotten))]
        call = ("call", target, name, args, kwargs, keep, _grad_enabled(), forget)
        match self._ask(*call, handle=_Remote if keep else wire.no_object):
            case (_Remote() as result, None) if keep:
                self._forget_with(result, result.number)
                return result
            case (result, None) if not keep:
                return result
            case (result, int(graph)) if not keep:
                return self._tie(result, graph, trainable([args, kwargs]))
        raise wire.ProtocolError("an answer of another form")

    def _ask(self, *request: Any, handle: Callable[[int], Any] = wire.no_object) -> Any:
        return self._box.ask(*request, number=_number, handle=handle)

    def _forget_with(self, owner: Any, number: int) -> None:
        """Have the box drop an object when its owner here is gone."""
        weakref.finalize(owner, self._forgotten.append, number)

    def _tie(self, result: Any, graph: int, inputs: list[Any]) -> Any:
        """The result with its trainable tensors tied to the box, where backward() will go on."""

        def back(gradients: Sequence[Any]) -> list[Any]:
            answer = self._ask("backward", graph, gradients)
            if not isinstance(answer, list) or len(answer) != len(inputs):
                raise wire.ProtocolError("gradients of another form")
            return answer

        result, outputs = _tied(result, back, inputs)
        if outputs:
            self._forget_with(outputs[0].grad_fn, graph)
        return result

    def iterate(self, target: Any) -> Iterator[Any]:
        """The items, fetched one by one, so that a stream is seen to be one."""
        iterator = self._ask("iterate", target, handle=_Remote)
        if not isinstance(iterator, _Remote):
            raise wire.ProtocolError("an answer of another form")
        self._forget_with(iterator, iterator.number)
        return self._items(iterator)

    def _items(self, iterator: "_Remote") -> Iterator[Any]:
        while items := self._ask("next", iterator):
            if not isinstance(items, list):
                raise wire.ProtocolError("items of another form")
            yield from wire.map_tensors(items, lambda tensor: tensor.detach())

    def look(self, what: str, target: Any, *how: str) -> Any:
        """Ask for it. Raises StudentFaultError if no answer comes back."""
        return self._ask(what, target, *how)

    def measure(self) -> None:
        """See Box."""
        self._box.measure()

    def cost(self) -> Cost:
        """See Box."""
        return self._box.cost()


class _Remote:
    """An object in the box, by its number."""

    def __init__(self, number: int) -> None:
        self.number = number


def _number(value: Any) -> int | None:
    value = value._target if isinstance(value, Handle) else value
    return value.number if isinstance(value, _Remote) else None


def _tied(
    result: Any, go_back: Callable[[Sequence[Any]], list[Any]], inputs: list[Any]
) -> tuple[Any, list[Any]]:
    """The result with its trainable tensors tied to `inputs` by `go_back`; and these tensors."""
    import torch

    anchor = torch.zeros((), requires_grad=True)  # else nothing here would ask for gradients
    outputs = _remote_call().apply(go_back, trainable(result), anchor, *inputs)
    tied = iter(outputs)
    return wire.map_tensors(result, lambda t: next(tied) if t.requires_grad else t), outputs


@cache
def _remote_call() -> Any:
    """The autograd function of a call into a box, made when torch is there."""
    import torch

    class RemoteCall(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, go_back: Any, outputs: list[Any], anchor: Any, *inputs: Any) -> Any:
            ctx.go_back = go_back
            ctx.set_materialize_grads(False)  # an output that is not used sends nothing back
            ctx.save_for_backward(anchor)
            return tuple(output.detach() for output in outputs)

        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            _ = ctx.saved_tensors  # raises on a second time without retain_graph, as everywhere
            if torch.is_grad_enabled():  # they would silently lack the part over there
                raise RuntimeError("create_graph=True: no gradients of gradients from a box")
            return None, None, None, *ctx.go_back(gradients)

    return RemoteCall
