"""The far side: processes that each hold one student's package and answer calls about it.

They know no test, no expected value and no score. `box.py` starts a zygote, which has everything
imported that takes time, and forks a box for each test; a box gets one `Load` and then calls.
Everything it says is data to be judged elsewhere.
"""

import contextlib
import importlib
import importlib.util
import math
import os
import random
import resource
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import jaxtyping  # noqa: F401  (imported here once, not in every box)
import msgspec
import numpy as np

from autograder import wire


class Load(msgspec.Struct):
    """What to put together before the first call. Paths are absolute."""

    package: str  # the folder that holds langmodels/
    given: str  # where modules come from that the submission leaves out
    memory_mb: int
    cpu_s: float
    module: str = ""  # the exercise's module, imported at once
    symbol: str = ""
    needs: dict[str, list[str]] = {}  # module → symbols to take from the reference
    needs_folder: str = ""  # MODULE.py of the reference, without the exercise itself
    support: str = ""
    override: str = ""  # a mistake or alternative: a file that ends the module
    null: str = ""  # an answer without content, see NULLS


class Fault(msgspec.Struct):
    """What went wrong in the student's code, and in which of its lines."""

    type: str
    text: str
    file: str = ""
    line: int = 0
    code: str = ""


def main() -> None:
    """Be the zygote: fork a box whenever the grader asks, and say how each ended.

    The socket's number is on the command line. Requests are ["fork", folder] with three
    descriptors (requests, replies, output) and ["wait", pid, patiently]; every one has a reply.
    The zygote has imported what every package needs and runs no line of a student's.
    """
    grader = socket.socket(fileno=int(sys.argv[1]))
    while True:
        request, descriptors, _, _ = socket.recv_fds(grader, 2**16, 3)
        match msgspec.msgpack.decode(request) if request else None:
            case ["fork", str(folder)]:
                reply: int | None = os.fork()
                if reply == 0:
                    grader.close()
                    _be_a_box(folder, *descriptors)
                for descriptor in descriptors:
                    os.close(descriptor)
            case ["wait", int(pid), bool(patiently)]:
                ended, status = os.waitpid(pid, 0 if patiently else os.WNOHANG)
                reply = os.waitstatus_to_exitcode(status) if ended else None
            case _:
                return
        grader.sendall(msgspec.msgpack.encode(reply))


def _be_a_box(folder: str, requests: int, replies: int, output: int) -> NoReturn:
    """What the fork does: leave the zygote behind and serve until the grader goes away."""
    status = 1
    try:
        os.setsid()
        os.chdir(folder)
        os.environ |= {"HOME": folder, "TMPDIR": folder}
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        random.seed()
        np.random.seed()
        serve(requests, replies)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def serve(requests: int, replies: int) -> None:
    """Answer calls until the grader closes its end."""
    load = msgspec.convert(wire.receive(requests), Load)
    _limit(load)
    far = FarSide(load)
    with contextlib.suppress(EOFError, BrokenPipeError):
        reply = far.guard(far.load)
        while True:
            wire.send(replies, reply)
            request = wire.receive(requests)
            reply = far.guard(partial(far.call, request))


def _limit(load: Load) -> None:
    """Limits that the kernel keeps. The grader's own watch is in box.py."""
    mebibyte = 2**20
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (load.memory_mb * mebibyte,) * 2)
    seconds = math.ceil(load.cpu_s)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (mebibyte, mebibyte))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class MissingError(Exception):
    """What a test calls is not there."""


class FarSide:
    """The student's package, put together as `Load` says, and the objects made from it."""

    def __init__(self, load: Load) -> None:
        self.spec = load
        self.objects: list[Any] = []
        self.support: ModuleType | None = None

    def guard(self, action: Callable[[], Any]) -> Any:
        """Run the student's code; the reply says what it returned or how it failed."""
        try:
            return {"value": action()}
        except wire.NotPlainDataError as error:
            fault = Fault("NotPlainData", str(error))
        except UnicodeEncodeError:
            fault = Fault("NotPlainData", "text with a lone surrogate")
        except BaseException as error:
            fault = self._describe(error)
        return {"fault": msgspec.to_builtins(fault)}

    def load(self) -> None:
        """Import the package, with the reference's parts for what the exercise needs."""
        spec = self.spec
        sys.path.insert(0, spec.package)
        package = importlib.import_module("langmodels")
        package.__path__.append(spec.given)
        for name in spec.needs:
            if name != spec.module:
                self._reference(name, f"langmodels.{name}")
        if spec.support:
            self.support = _import_file("support", Path(spec.support))
        if not spec.module:
            return
        module = importlib.import_module(f"langmodels.{spec.module}")
        if symbols := spec.needs.get(spec.module):
            reference = self._reference(spec.module, f"reference_{spec.module}")
            for symbol in symbols:
                setattr(module, symbol, getattr(reference, symbol))
        if spec.override:
            source = Path(spec.override).read_text(encoding="utf-8")
            exec(compile(source, spec.override, "exec"), vars(module))
        if spec.null:
            original = getattr(module, spec.symbol)
            setattr(module, spec.symbol, without_content(original, NULLS[spec.null]))

    def _reference(self, name: str, as_name: str) -> ModuleType:
        return _import_file(as_name, Path(self.spec.needs_folder, f"{name}.py"))

    def call(self, request: Any) -> Any:
        """[module or handle number, name, args, kwargs, keep] → plain data or a handle."""
        target, name, args, kwargs, keep = request
        if isinstance(target, int):
            owner = self.objects[target]
        elif target == "support":
            owner = self.support
        else:
            owner = importlib.import_module(f"langmodels.{target}")
        if not hasattr(owner, name):
            raise MissingError(f"{target}.py has no {name}" if isinstance(target, str) else name)
        function = getattr(owner, name)
        result = function(*wire.decode(args, self._object), **wire.decode(kwargs, self._object))
        if keep:
            self.objects.append(result)
            return ["h", len(self.objects) - 1]
        reply = wire.encode(result, lambda _: None)
        wire.pack(reply)  # too large fails here, as the student's fault
        return reply

    def _object(self, number: int) -> Any:
        return self.objects[number]

    def _describe(self, error: BaseException) -> Fault:
        fault = Fault(type(error).__name__, str(error)[:300])
        if isinstance(error, SyntaxError):
            fault.file, fault.line = Path(error.filename or "").name, error.lineno or 0
            fault.code = (error.text or "").strip()
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(self.spec.package):
                fault.file, fault.line = Path(frame.filename).name, frame.lineno or 0
                fault.code = frame.line or ""
        return fault


def _import_file(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# --- Null answers: the right structure without content; no test may accept one ----------------

NullRule = Callable[[Any, tuple[Any, ...]], Any]


def _fill(result: Any, number: float, text: str) -> Any:
    """The same structure with every number and every string replaced."""
    match result:
        case bool():
            return bool(number)
        case int():
            return int(number) if math.isfinite(number) else number
        case float():
            return float(number)
        case str():
            return text
        case np.ndarray():
            return np.full_like(result, number, dtype=float).astype(result.dtype)
        case Mapping():
            return {key: _fill(value, number, text) for key, value in result.items()}
        case Set():
            return {_fill(item, number, text) for item in result}
        case list() | tuple():
            return type(result)(_fill(item, number, text) for item in result)
        case None:
            return None
    for name, value in vars(result).items():
        if isinstance(value, Mapping | np.ndarray):
            setattr(result, name, _fill(value, number, text))
    return result


def _other_type(result: Any) -> Any:
    match result:
        case bool():
            return int(result)
        case int():
            return float(result)
        case float() | None:
            return str(result)
        case str():
            return result.encode()
        case np.ndarray():
            return result.astype(np.int64 if result.dtype.kind == "f" else np.float64)
        case Mapping():
            return {key: _other_type(value) for key, value in result.items()}
        case Set() | list() | tuple():
            return str(result)
    return repr(result)


NULLS: dict[str, NullRule] = {
    "none": lambda result, args: None,
    "zeros": lambda result, args: _fill(result, 0.0, ""),
    "ones": lambda result, args: _fill(result, 1.0, "a"),
    "nan": lambda result, args: _fill(result, math.nan, "nan"),
    "empty": lambda result, args: type(result)() if _is_container(result) else None,
    "input": lambda result, args: args[0] if args else None,
    "other_type": lambda result, args: _other_type(result),
}


def _is_container(value: Any) -> bool:
    return isinstance(value, str | Mapping | Set | list | tuple)


def without_content(original: Any, rule: NullRule) -> Any:
    """The exercise with each result put through the rule; of a class, its public methods."""
    if not isinstance(original, type):
        return lambda *args, **kwargs: rule(original(*args, **kwargs), args)

    def methods() -> Iterator[tuple[str, Any]]:
        for name, method in vars(original).items():
            if callable(method) and not name.startswith("_"):
                yield (
                    name,
                    lambda self, *args, _method=method, **kwargs: rule(
                        _method(self, *args, **kwargs), args
                    ),
                )

    return type(original.__name__, (original,), dict(methods()))


if __name__ == "__main__":
    main()
