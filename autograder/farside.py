"""The far side of a call: a student's package in memory, and the objects made from it.

Runs in a box. It knows no test, no expected value and no score, and the student's code may do to
it what it likes: everything it says is data to be judged elsewhere.
"""

import builtins
import importlib
import importlib.abc
import importlib.util
import itertools
import random
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache, partial, wraps
from importlib.machinery import ModuleSpec
from pathlib import PurePosixPath
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import msgspec
import numpy as np

from autograder import wire
from autograder.meter import Meter, running, synchronize
from autograder.nulls import NULLS, without_content
from autograder.sandbox import Policy
from autograder.survey import survey

PACKAGE = "langmodels"
ACCELERATORS = ("CUDA", "XPU")  # in torch's dispatcher, where AMD's are CUDA
# The variables that say which GPUs a process sees.
VISIBLE_DEVICES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")
ACTIONS = (  # what a request can name
    *("survey", "load", "call", "read", "iterate", "next"),
    *("parameters", "gradients", "backward", "measure", "cost"),
    *("test", "consult"),
)


class Load(msgspec.Struct):
    """What to put together before the first call, and what it may use. Sources travel whole."""

    files: dict[str, bytes]  # name below langmodels/ → source, the submission's
    given: dict[str, bytes] = {}  # where modules come from that the submission leaves out
    module: str = ""  # the exercise's module, imported at once
    symbol: str = ""
    needs: dict[str, list[str]] = {}  # module → symbols to take from the reference
    reference: dict[str, str] = {}  # module → the reference's source with only `needs` solved
    support: str = ""
    override: str = ""  # a mistake or alternative: source that ends the module
    null: str = ""  # an answer without content, see nulls.py
    tests_for: str = ""  # the function that the module has tests for: its calls go out
    seed: int | None = None  # of random, numpy and torch; None draws one
    refused: list[str] = []  # operators ("aten::lstm") that the exercise asks to build
    policy: Policy = Policy()


class Fault(msgspec.Struct):
    """What went wrong in the student's code, and in which of its lines."""

    type: str
    text: str
    kinds: list[str] = []  # the names of its classes, from its own to object
    file: str = ""  # below langmodels/
    line: int = 0


class MissingError(Exception):
    """What a test calls is not there."""


class ReadyMadeError(Exception):
    """The exercise asks to build what this calls."""


class FarSide:
    """The student's package, put together as `Load` says; `answer` is all that a test can ask."""

    def __init__(self, load: Load) -> None:
        self.spec = load
        self.sources: Callable[..., Sources] = Sources
        self.objects: dict[int, Any] = {}  # what a test has a handle on, and graphs
        self._numbers = itertools.count()
        self.support: ModuleType | None = None
        self.attempts: dict[str, None] = {}
        self._meter: Meter | None = None
        self._known: list[Any] = []  # operators that raise ReadyMadeError; torch forgets others
        self._module = ModuleType("")  # the exercise's, once it is imported
        self._id = 0  # of the request that the next reply is to
        self.talk: Callable[[list[memoryview]], Any] | None = None  # send a reply, next request
        self.tested: Callable[..., Any] | None = None  # calls what the tests are for, elsewhere

    def answer(self, request: Sequence[Any]) -> list[memoryview]:
        """Do what a request says: (id, action, arguments…).

        Returns:
            the frame of the reply: (id, attempts, "value", result) or (id, attempts, "fault",
            a Fault as a dict).
        """
        self._id, action, *arguments = request
        actions: dict[str, Callable[..., Any]] = {name: getattr(self, name) for name in ACTIONS}
        try:
            result = actions[action](*arguments)
            synchronize()  # else the examiner's clock would stop before an accelerator does
            return self._reply("value", result)
        except wire.NotPlainDataError as error:
            fault = Fault("NotPlainData", str(error))
        except BaseException as error:
            fault = self._describe(error)
        return self._reply("fault", msgspec.to_builtins(fault))

    def _reply(self, kind: str, content: Any) -> list[memoryview]:
        return wire.dump((self._id, list(self.attempts), kind, content), self.number)

    def ask(self, action: str, *arguments: Any, **_: Any) -> Any:
        """Ask the examiner while its own request waits: it has another box answer.

        Raises what the call raised there.
        """
        assert self.talk, "nobody is there to ask"
        frame = self._reply("value", ("ask", action, arguments))
        self._id, _resume, *answer = self.talk(frame)
        return taken(*answer)

    def number(self, value: Any) -> int | None:
        """The number of a kept object that a reply hands out, None for plain data."""
        return value.number if type(value) is _Kept else None

    def object(self, number: int) -> Any:
        """What stands for a kept object in a request as it arrives."""
        return _Kept(number)

    def _keep(self, value: Any) -> int:
        number = next(self._numbers)
        self.objects[number] = value
        return number

    def _with_objects(self, value: Any) -> Any:
        """The same arguments with the kept objects themselves in them."""
        kind = type(value)  # straight from the wire, so there are no subclasses
        if kind is list or kind is tuple:
            return kind(map(self._with_objects, value))
        if kind is dict:
            return {key: self._with_objects(item) for key, item in value.items()}
        if kind is SimpleNamespace:
            return SimpleNamespace(**self._with_objects(vars(value)))
        return self.objects[value.number] if kind is _Kept else value

    # --- what a test can ask ---

    def survey(self, forbids: Mapping[str, Sequence[str]]) -> Any:
        """See survey.py; asked before any of the student's code has run."""
        name = f"{self.spec.module}.py"
        source = self.spec.files.get(name, self.spec.given.get(name, b""))
        return msgspec.to_builtins(survey(source, self.spec.module, forbids))

    def load(self) -> None:
        """Import the package, with the reference's parts for what the exercise needs."""
        spec = self.spec
        others = {f"{n}.py": s.encode() for n, s in spec.reference.items() if n != spec.module}
        sys.meta_path.insert(0, self.sources(spec.given | spec.files, others))
        importlib.import_module(PACKAGE)
        if spec.support:
            self.support = _module_from("support", spec.support)
        if spec.refused:
            devices = ("CPU", *ACCELERATORS * spec.policy.accelerator)
            self._known = _refuse_operators(spec.refused, devices)
        if not spec.module:
            return
        if spec.tests_for:
            self._lead_out(*spec.tests_for.split("."))
        module = self._module = importlib.import_module(f"{PACKAGE}.{spec.module}")
        if symbols := spec.needs.get(spec.module):
            reference = _module_from(f"reference_{spec.module}", spec.reference[spec.module])
            for symbol in symbols:
                _replace(module, symbol, getattr(reference, symbol))
        if spec.override:
            exec(_compiled(spec.override, f"{spec.module}.py"), vars(module))
        if spec.null and spec.tests_for:  # tests that test nothing
            for name in [name for name in vars(module) if name.lower().startswith("test")]:
                setattr(module, name, lambda: None)
        elif spec.null:
            original = getattr(module, spec.symbol)
            setattr(module, spec.symbol, without_content(original, NULLS[spec.null]))

    def call(
        self,
        target: Any,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        keep: bool,
        grad: bool,
        forget: Sequence[int],
    ) -> Any:
        """Call a function of a module (a string) or a method of a kept object.

        Before that, the objects and graphs with the numbers in `forget` are dropped.

        Returns:
            the result, plain data or with `keep` a handle; and the number to call `backward`
            with where, with `grad`, the result depends on something trainable, else None.
        """
        for number in forget:
            del self.objects[number]
        owner = self._owner(target)
        if not hasattr(owner, name):
            raise MissingError(f"{target}.py has no {name}" if isinstance(target, str) else name)
        own_args, own_kwargs = self._with_objects([args, kwargs])
        with grad_mode(grad), running(self._meter):
            result = getattr(owner, name)(*own_args, **own_kwargs)
        if keep:
            return _Kept(self._keep(result)), None
        if result is owner:  # m.eval() and the like give the object back, which is not data
            return None, None
        if grad and (outputs := trainable(result)):
            return result, self._keep((outputs, trainable([args, kwargs])))
        return result, None

    def read(self, target: Any, path: str) -> Any:
        """An attribute that is data; `path` may have dots."""
        value = self._owner(target)
        for name in path.split("."):
            if not hasattr(value, name):
                raise MissingError(path)
            value = getattr(value, name)
        return value

    def iterate(self, target: Any) -> Any:
        """Keep an iterator over a kept object, for `next`."""
        with running(self._meter):
            iterator = iter(self._owner(target))
        return _Kept(self._keep(iterator))

    def next(self, target: Any) -> Any:
        """A list with the next item of an iterator; empty when it has ended."""
        with running(self._meter):
            return list(itertools.islice(self._owner(target), 1))

    def parameters(self, target: Any) -> Any:
        """Name → tensor of a module's parameters."""
        named = self._owner(target).named_parameters()
        return {name: tensor.detach() for name, tensor in named}

    def gradients(self, target: Any) -> Any:
        """Name → gradient of a module's parameters, None where there is none."""
        named = self._owner(target).named_parameters()
        return {name: tensor.grad for name, tensor in named}

    def backward(self, graph: int, gradients: Sequence[Any]) -> Any:
        """Go back through an earlier call: parameters collect, the inputs' gradients return."""
        outputs, inputs = self.objects[graph]
        with running(self._meter):
            return go_back(outputs, inputs, gradients)

    def measure(self) -> None:
        """From here on count what the student's code costs."""
        self._meter = Meter()

    def cost(self) -> Any:
        """What it has cost since `measure`, a Cost as a dict; the counting ends."""
        meter, self._meter = self._meter, None
        return msgspec.to_builtins(meter.cost() if meter else None)

    def test(self) -> Any:
        """Run the tests in the module: ("end", [(name, outcome, a Fault as a dict or None)])."""
        # Here, because it imports pytest: only zygotes for such exercises have done that.
        from autograder import testbed

        if self.tested is None:
            self.tested = testbed.caller(self)
        ends = testbed.run_tests(self._module)
        return "end", [
            (name, outcome, error and msgspec.to_builtins(self._describe(error)))
            for name, outcome, error in ends
        ]

    def consult(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], grad: bool, forget: Sequence[int]
    ) -> Any:
        """Call the exercise's function for tests that are elsewhere: data in, data out.

        Returns:
            as `call` does the result and the graph, and the arguments as the call has left them:
            None if it has not changed them.
        """
        for number in forget:
            del self.objects[number]
        before, inputs = _frozen([args, kwargs]), trainable([args, kwargs])
        with grad_mode(grad):
            result = getattr(self._module, self.spec.symbol)(*args, **kwargs)
        changed = [args, kwargs] if _frozen([args, kwargs]) != before else None
        outputs = trainable(result) if grad else []
        return result, self._keep((outputs, inputs)) if outputs else None, changed

    # --- the rest ---

    def _lead_out(self, module: str, symbol: str) -> None:
        """Put a function that calls elsewhere in the place of the one that the tests are for."""

        def tested(*args: Any, **kwargs: Any) -> Any:
            if self.tested is None:
                raise RuntimeError(f"call {symbol} in a test, not while the file is read")
            return self.tested(*args, **kwargs)

        tested.__name__ = tested.__qualname__ = symbol
        setattr(importlib.import_module(f"{PACKAGE}.{module}"), symbol, tested)

    def _owner(self, target: Any) -> Any:
        if target == "support" and isinstance(target, str):
            return self.support
        if isinstance(target, str):
            return importlib.import_module(f"{PACKAGE}.{target}")
        return self._with_objects(target)

    def _describe(self, error: BaseException) -> Fault:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        text = str(error)[:300].encode(errors="replace").decode()  # a lone surrogate cannot cross
        fault = Fault(kinds[0], text, kinds)
        for frame, line in traceback.walk_tb(error.__traceback__):
            if file := _own_file(frame.f_code.co_filename):
                fault.file, fault.line = file, line
        if isinstance(error, SyntaxError) and (file := _own_file(error.filename or "")):
            fault.file, fault.line = file, error.lineno or 0  # below the line that imports it
            fault.text = str(error.msg)[:300].encode(errors="replace").decode()
        return fault


class _Kept(msgspec.Struct):
    """Stands for a kept object in a reply."""

    number: int


class Sources(importlib.abc.MetaPathFinder, importlib.abc.ExecutionLoader):
    """Imports langmodels from sources in memory: name below langmodels/ → source.

    A module of `instead` stands in the place of the one in `files`. What it lacks is that one's: a
    helper of one's own, and what `__stubs__` names, exercises that not everybody builds on. They
    are looked for when they are used, so that what is wrong there costs nobody who does without.
    """

    def __init__(self, files: Mapping[str, bytes], instead: Mapping[str, bytes] = {}) -> None:
        names = {**files, **instead}
        folders = {folder for name in names for folder in PurePosixPath(name).parents}
        self.files = {"__init__.py": b""} | {f"{f}/__init__.py": b"" for f in folders} | names
        self._covered = {name: files[name] for name in instead if name in files}
        self._own: dict[str, ModuleType] = {}  # what `_covered` has become

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """The module's spec, None for what is not in the package."""
        if fullname.partition(".")[0] != PACKAGE or not self._file(fullname):
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code, and let what it lacks come from the one in whose place it is."""
        super().exec_module(module)
        if self._file(module.__name__) not in self._covered:
            return
        find = partial(self._find, module.__name__)
        for name in vars(module).pop("__stubs__", ()):
            stub = vars(module)[name]
            if isinstance(stub, type):
                stub.__new__ = partial(_instead, find, name)  # type: ignore[method-assign]
            else:
                setattr(module, name, wraps(stub)(partial(_instead, find, name, None)))
        vars(module)["__getattr__"] = find

    def _find(self, fullname: str, name: str) -> Any:
        """What a module that is covered by another calls so."""
        if name.startswith("__"):  # what importing asks of every module
            raise AttributeError(name)
        if fullname not in self._own:
            module = self._own[fullname] = ModuleType(fullname)
            vars(module).update(__package__=PACKAGE, __file__=self.get_filename(fullname))
            try:
                code = _compiled(self._covered[self._file(fullname)], module.__file__)
                exec(code, vars(module))
            except BaseException:
                del self._own[fullname]
                raise
        return getattr(self._own[fullname], name)

    def _file(self, fullname: str) -> str:
        inside = "/".join(fullname.split(".")[1:])
        candidates = (f"{inside}.py", f"{inside}/__init__.py".lstrip("/"))
        return next((name for name in candidates if name in self.files), "")

    def is_package(self, fullname: str) -> bool:
        """Whether the module is a folder."""
        return self._file(fullname).endswith("__init__.py")

    def get_filename(self, fullname: str) -> str:
        """What tracebacks call the file."""
        return f"{PACKAGE}/{self._file(fullname)}"

    @staticmethod
    def source_to_code(data: Any, path: Any = "<string>") -> CodeType:
        """The module's code; the same source is compiled once in this process."""
        return _compiled(data, path)

    def get_source(self, fullname: str) -> str:
        """The text of a module, for tracebacks and inspect."""
        # UTF-8 whatever its first lines say, as the survey has read it.
        return self.files[self._file(fullname)].decode("utf-8-sig")


def _instead(find: Callable[[str], Any], name: str, _: Any, /, *args: Any, **kwargs: Any) -> Any:
    return find(name)(*args, **kwargs)


@lru_cache(maxsize=64)
def _compiled(source: Any, path: Any) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def _own_file(filename: str) -> str:
    return filename.removeprefix(f"{PACKAGE}/") if filename.startswith(f"{PACKAGE}/") else ""


def _module_from(name: str, source: str) -> ModuleType:
    module = ModuleType(name)
    sys.modules[name] = module
    exec(_compiled(source, f"{name}.py"), vars(module))
    return module


def _replace(module: ModuleType, symbol: str, given: Any) -> None:
    """Put something in the place of the module's own, also as the base of the module's classes."""
    own = vars(module).get(symbol)
    setattr(module, symbol, given)
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and own in kind.__bases__:
            kind.__bases__ = tuple(given if base is own else base for base in kind.__bases__)


def trainable(value: Any) -> list[Any]:
    """The tensors in plain data that require a gradient, in the order in which they cross."""
    found: list[Any] = []

    def look(tensor: Any) -> Any:
        if tensor.requires_grad:
            found.append(tensor)
        return tensor

    wire.map_tensors(value, look)
    return found


def go_back(outputs: Sequence[Any], inputs: Sequence[Any], gradients: Sequence[Any]) -> list[Any]:
    """The inputs' gradients, from those of the outputs; None where there is none."""
    torch = sys.modules["torch"]
    for tensor in inputs:
        tensor.grad = None
    pairs = [(o, g) for o, g in zip(outputs, gradients, strict=True) if g is not None]
    if pairs:
        torch.autograd.backward(*zip(*pairs, strict=True), retain_graph=True)
    return [tensor.grad for tensor in inputs]


def grad_mode(grad: bool) -> AbstractContextManager[Any]:
    """Whether torch records what gradients need, for the length of a `with`."""
    torch = sys.modules.get("torch")
    return torch.set_grad_enabled(grad) if torch else nullcontext()


def taken(kind: str, *content: Any) -> Any:
    """What an answer to `FarSide.ask` holds: a result, or the name and text of an exception."""
    if kind == "fault":
        name, text = content
        raise getattr(builtins, name)(text)
    return content[0]


def _frozen(value: Any) -> bytes:
    return b"".join(wire.dump(value))


def seed_all(seed: int | None, accelerator: bool = False) -> None:
    """Begin all random states anew, from this seed or from any; a GPU's where there may be one."""
    random.seed(seed)
    np.random.seed(None if seed is None else seed % 2**32)
    if torch := sys.modules.get("torch"):
        # torch's own functions also note the whole stack for each kind of GPU: milliseconds.
        states = torch if accelerator else torch.default_generator
        states.seed() if seed is None else states.manual_seed(seed)


def _refuse_operators(names: Sequence[str], devices: Sequence[str] = ("CPU",)) -> list[Any]:
    """Make torch's dispatcher refuse these operators, by whatever name they are called."""
    import torch

    libraries = []
    for name in names:
        space, _, operator = name.partition("::")

        def refuse(*_: Any, _name: str = name, **__: Any) -> Any:
            raise ReadyMadeError(_name)

        for schema in torch._C._jit_get_schemas_for_operator(name):
            overload = f"{operator}.{schema.overload_name}".rstrip(".")
            library = torch.library.Library(space, "IMPL")
            for device in devices:
                library.impl(overload, refuse, device)
            libraries.append(library)
    return libraries


def listen_for_attempts(far: FarSide) -> None:
    """Note in words what the box is asked for and refuses. A hint for people, not a wall."""

    def hear(event: str, args: tuple[Any, ...]) -> None:
        word = _ATTEMPTS.get(event) or _ATTEMPTS.get(event.partition(".")[0])
        if word and not (word == "files" and _is_library(args[0])):
            far.attempts[word] = None

    sys.addaudithook(hear)


def _is_library(path: Any) -> bool:
    """Whether Python itself looks for a module there."""
    return not isinstance(path, str) or path.startswith((sys.prefix, sys.base_prefix, PACKAGE))


# Python's audit event, or what stands before its dot → the word that reports use.
_ATTEMPTS = {
    "open": "files",
    "socket": "network",
    "urllib": "network",
    "http": "network",
    "ftplib": "network",
    "smtplib": "network",
    "subprocess": "processes",
    "os.fork": "processes",
    "os.forkpty": "processes",
    "os.exec": "processes",
    "os.posix_spawn": "processes",
    "os.spawn": "processes",
    "os.system": "processes",
    "pty.spawn": "processes",
    "os.kill": "signals",
    "os.killpg": "signals",
    "signal.pthread_kill": "signals",
    "os.listdir": "files",
    "os.scandir": "files",
    "os.chmod": "files",
    "os.chown": "files",
    "os.link": "files",
    "os.mkdir": "files",
    "os.remove": "files",
    "os.rename": "files",
    "os.rmdir": "files",
    "os.symlink": "files",
    "os.truncate": "files",
    "os.utime": "files",
    "shutil": "files",
    "tempfile": "files",
    "gc": "the grader's memory",
    "ctypes.dlopen": "native code",
    "ctypes.cdata": "native code",
    "ctypes.string_at": "native code",
}
ATTEMPTS = frozenset(_ATTEMPTS.values())
