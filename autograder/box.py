"""A box: one process with one student's package in it, for the length of one test.

Boxes are forks of a zygote (see worker.py), so that starting one costs milliseconds. This side
trusts nothing that a box says: it keeps the clocks and the limits, reads what the kernel knows of
the box, and takes every reply for a claim to be judged. It is the only module that starts
a process for a student's code.
"""

import atexit
import builtins
import contextlib
import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import msgspec

from autograder import sandbox, wire
from autograder.catalog import Limits
from autograder.farside import ATTEMPTS, VISIBLE_DEVICES, Fault, Load
from autograder.meter import Cost
from autograder.results import Outcome

F_SETPIPE_SZ = 1031
REFUSED = "it tried what the box does not allow: files, network, other processes"
PIPE_BYTES = 2**20  # what a pipe holds; with the default of 64 KiB large answers take many turns
CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
WATCH_S = 0.05  # how often the kernel is asked what a box uses
# What a cost that is claimed may take by the kernel's account, see `doubts`.
IDLE_S, FLOP_S, OPERATOR_S, NUMBER_S = 1.0, 1e-9, 2e-4, 5e-9
IDLE_BYTES = 64 * 2**20


class StudentFaultError(Exception):
    """The student's code did not answer. `fault` is there where it raised an exception."""

    def __init__(self, outcome: Outcome, message: str, fault: Fault | None = None) -> None:
        super().__init__(message)
        self.outcome, self.message, self.fault = outcome, message, fault


class BoxError(Exception):
    """No box could be had; that is the machine's fault, not the student's."""


class IsolationError(BoxError):
    """A layer of isolation could not be had; the message names it."""


class Zygote:
    """A process that has imported everything slow and forks boxes."""

    def __init__(self, imports: Sequence[str], accelerator: bool = False) -> None:
        kind = "accelerator" if accelerator else "plain"
        self._socket, theirs = socket.socketpair()
        # A session of its own: Ctrl-C is for the grader, which ends the boxes itself.
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-s", "-P", "-m", "autograder.worker"),
                *(str(theirs.fileno()), str(os.getpid()), kind, *imports),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_environment(accelerator),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        atexit.register(self.close)
        self.extras: list[str] = self._hear()

    def close(self) -> None:
        """End the zygote; the kernel ends its boxes."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def fork(self, descriptors: list[int]) -> int:
        """Start a box; its process id."""
        pid: int = self._ask(["fork"], descriptors)
        return pid

    def end(self, pid: int, patience: float = 0.0) -> int | None:
        """Kill the box with everything that it has started, and wait until it is gone.

        Returns:
            how it ended, if it did so by itself within `patience` seconds: its exit code, or
            minus the signal. None if it had to be killed.
        """
        code: int | None = self._ask(["end", pid, patience])
        return code

    def _ask(self, request: list[Any], descriptors: Sequence[int] = ()) -> Any:
        try:
            socket.send_fds(self._socket, [msgspec.msgpack.encode(request)], descriptors)
        except OSError:
            raise self._lost() from None
        return self._hear()

    def _hear(self) -> Any:
        try:
            return msgspec.msgpack.decode(self._socket.recv(2**12))
        except (OSError, msgspec.DecodeError):
            raise self._lost() from None

    def _lost(self) -> BoxError:
        self.close()
        _zygote.cache_clear()  # the next box tries with another one
        return BoxError("no process for student code could be started: course doctor")


@cache
def _zygote(
    examiner: int, elsewhere: bool = False, accelerator: bool = False, *imports: str
) -> Zygote:
    """The zygote of the examiner with this process id: a fork of it needs another.

    The boxes of one zygote have the salt of hash() in common; those `elsewhere` have another.
    """
    return Zygote(imports, accelerator)


def extras() -> list[str]:
    """The namespaces and control groups that boxes of this process live in."""
    return _zygote(os.getpid()).extras


@cache
def available_layers() -> tuple[str, ...]:
    """Those layers of isolation that a box can put on here."""
    layers: tuple[str, ...] = sandbox.LAYERS
    while layers:
        try:
            with Box(Load(files={}), Limits(), layers=layers):
                return layers
        except IsolationError as error:
            layers = tuple(layer for layer in layers if layer not in str(error))[: len(layers) - 1]
    return ()


class Line:
    """Asks for what FarSide does, wherever that is, and says whose fault it is if nothing comes.

    Attributes:
        output: what the student's code has printed, at most `limits.output_kb`.
        attempts: what it asked for and was refused, in the words of farside.ATTEMPTS.
        remarks: what of its cost the kernel contradicts, in words of this module's.
    """

    def __init__(self, load: Load, limits: Limits) -> None:
        self.limits = limits
        self.output = b""
        self.attempts: list[str] = []
        self.remarks: list[str] = []
        self._load = load
        self._request = 0

    def _exchange(self, frame: list[memoryview], handle: Callable[[int], Any]) -> Any:
        """Write a request, read a whole reply."""
        raise NotImplementedError

    def measure(self) -> None:
        """From here on count what the student's code costs."""
        self.ask("measure")

    def cost(self) -> Cost:
        """What it has cost since `measure`, as the far side claims.

        Raises wire.ProtocolError if what it says is no Cost.
        """
        try:
            cost = msgspec.convert(self.ask("cost"), Cost)
        except msgspec.ValidationError:
            raise wire.ProtocolError("a cost of another form") from None
        cost.cpu_s = cost.peak_resident = None  # not the far side's to say
        return cost

    def ask(
        self,
        action: str,
        *arguments: Any,
        number: Callable[[Any], int | None] = wire.no_handle,
        handle: Callable[[int], Any] = wire.no_object,
    ) -> Any:
        """Send a request and wait for its answer; what can be asked is in farside.py.

        Args:
            action: a method of FarSide; `arguments` are its arguments.
            number: gives the number of an argument that stands for an object in the box.
            handle: what to make of an object's number in the answer; by default none may occur.

        Raises:
            StudentFaultError: if no proper answer comes back in time.
            wire.NotPlainDataError: if an argument cannot cross.
        """
        self._request += 1
        frame = wire.dump((self._request, action, *arguments), number)
        match self._exchange(frame, handle):
            case (self._request, list(attempts), "value", value):
                self._note(attempts)
                return value
            case (self._request, list(attempts), "fault", dict(described)):
                self._note(attempts)
                raise self._fault(described)
        raise self._out_of_order()

    def _note(self, attempts: list[Any]) -> None:
        if attempts:
            self.attempts = [word for word in ATTEMPTS if word in attempts]

    def _fault(self, described: dict[Any, Any]) -> StudentFaultError:
        try:
            fault = msgspec.convert(described, Fault)
        except msgspec.ValidationError:
            return self._out_of_order()
        if not line_of(self._load, fault):
            fault.file, fault.line = "", 0  # no place in the submission: the box has made it up
        return StudentFaultError(*self._classify(fault), fault)

    def _out_of_order(self) -> StudentFaultError:
        message = "your code wrote into the line on which the grader listens"
        return StudentFaultError(Outcome.CRASHED, message)

    def _classify(self, fault: Fault) -> tuple[Outcome, str]:
        """The outcome, and a sentence that a student may read.

        It holds no text that the student's code could have chosen after it saw a hidden input: not
        the exception's message, its name only if Python itself defines it, and the line of code
        as it stands in the submission, not as the box says.
        """
        where = ""
        if fault.line:
            where = f" in {fault.file}, line {fault.line}: {line_of(self._load, fault)}"
        match fault.type:
            case "MemoryError":
                return Outcome.OUT_OF_MEMORY, f"out of memory{where}"
            case "RecursionError":
                return Outcome.ERROR, f"it calls itself without end{where}"
            case "NotPlainData":
                return Outcome.WRONG, "it returned an object that no caller can use as a result"
            case "ReadyMadeError":
                message = "it calls the library's own version of what this exercise asks to build"
                return Outcome.BLOCKED, message + where
            case "PermissionError":
                return Outcome.BLOCKED, f"{REFUSED}{where}"
            case "BdbQuit":
                return Outcome.ERROR, f"it stopped at a breakpoint(){where}"
            case "ModuleNotFoundError":
                return Outcome.ERROR, f"it imports what is not installed here{where}"
            case "SystemExit" | "KeyboardInterrupt":
                return Outcome.CRASHED, f"it ended the program ({fault.type}){where}"
        if "OSError" in fault.kinds and "network" in self.attempts:  # a URLError, for one
            return Outcome.BLOCKED, f"{REFUSED}{where}"
        if "can't allocate memory" in fault.text:  # torch has no exception of its own for it
            return Outcome.OUT_OF_MEMORY, f"out of memory{where}"
        known = isinstance(getattr(builtins, fault.type, None), type)
        return Outcome.ERROR, f"it raised {fault.type if known else 'an exception'}{where}"


class Box(Line):
    """One box. Use as a context manager; everything in it ends with it.

    Args:
        load: what to put together in it; its policy comes from `limits`.
        imports: modules that take long to import, for the zygote to have ready.
        elsewhere: fork it from a second zygote.
        layers: of isolation; by default those that can be had.
        accelerator: let it use the GPU. Not among the catalog's limits: what a test on a GPU may
            do is `course gpu run`'s to decide, and boxes that grade have none.
    """

    def __init__(
        self,
        load: Load,
        limits: Limits,
        imports: Sequence[str] = (),
        elsewhere: bool = False,
        layers: Sequence[str] | None = None,
        accelerator: bool = False,
    ) -> None:
        super().__init__(load, limits)
        self._accelerator = accelerator
        self._carried = 0  # bytes over the line, both ways
        self._before: tuple[_Account | None, int] = None, 0  # where `measure` began
        self._parent = (elsewhere, accelerator, *imports)
        self._layers = available_layers() if layers is None else tuple(layers)
        self._is_gone = False

    def __enter__(self) -> Self:
        self._zygote = _zygote(os.getpid(), *self._parent)
        to_box, self._requests = os.pipe()
        self._replies, from_box = os.pipe()
        self._output, output = os.pipe()
        theirs = [to_box, from_box, output]
        try:
            try:
                self._pid = self._zygote.fork(theirs)
            except BoxError:  # somebody has killed it: once more with another
                self._zygote = _zygote(os.getpid(), *self._parent)
                self._pid = self._zygote.fork(theirs)
        except BoxError:
            self._close()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        for descriptor in (self._requests, self._replies, self._output):
            os.set_blocking(descriptor, False)
        for descriptor in (self._requests, self._replies):
            with contextlib.suppress(OSError):  # not Linux, or the user's share is used up
                fcntl.fcntl(descriptor, F_SETPIPE_SZ, PIPE_BYTES)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._replies, selectors.EVENT_READ)
        self._selector.register(self._output, selectors.EVENT_READ)
        self._started = self._next_watch = time.monotonic()
        self._memory_before = _resident(self._pid)
        try:
            self._confine()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if not self._is_gone:
                self._zygote.end(self._pid)
        finally:
            with contextlib.suppress(BlockingIOError):
                room = self.limits.output_kb * 1024 - len(self.output)
                self.output += os.read(self._output, max(room, 1))
            self._selector.close()
            self._close()

    def _close(self) -> None:
        for descriptor in (self._requests, self._replies, self._output):
            os.close(descriptor)

    def _confine(self) -> None:
        limits = self.limits
        policy = sandbox.Policy(
            memory_mb=limits.memory_mb,
            cpu_s=limits.cpu_s,
            processes=limits.processes,
            layers=self._layers,
            accelerator=self._accelerator,
        )
        load = msgspec.structs.replace(self._load, policy=policy)
        message = msgspec.to_builtins(load, builtin_types=(bytes,))
        try:
            reply = self._exchange(wire.dump(message), wire.no_object)
        except StudentFaultError as error:  # nothing of the student's has run yet
            raise BoxError(f"a box could not be started: {error}; see course doctor") from None
        if reply != ("isolation", ""):
            raise IsolationError(f"no isolation: {reply[-1]}; see course doctor")

    def measure(self) -> None:
        """From here on count what the student's code costs."""
        super().measure()
        for pid in self._pids():
            _forget_peak(pid)
        self._before = self._account(), self._carried

    def cost(self) -> Cost:
        """What it has cost since `measure`: the box's claim, beside the kernel's account of it.

        Raises wire.ProtocolError if what the box says is no Cost.
        """
        account, (before, carried) = self._account(), self._before
        cost = super().cost()
        if account and before:
            cost.cpu_s = max(account.cpu_s - before.cpu_s, 0.0)
            # A peak from before, if it was not forgotten: then it is what is there at the end.
            peak = account.peak if account.peak > before.peak else account.resident
            cost.peak_resident = max(peak - before.resident, 0)
        # A GPU's driver takes time and memory of its own, more than one could allow for.
        found = [] if self._accelerator else doubts(cost, self._carried - carried)
        for remark in found:
            # The figures are for the instructor: a box could say by them what its input was.
            self.output += f"\n[{remark}: {cost}]"[:1000].encode()
            if remark not in self.remarks:
                self.remarks.append(remark)
        return cost

    def _account(self) -> "_Account | None":
        if sys.platform != "linux":
            return None
        pids = self._pids()
        return _Account(
            cpu_s=sum(map(_cpu_seconds, pids)),
            resident=sum(map(_resident, pids)),
            peak=sum(map(_peak_resident, pids)),
        )

    def _pids(self) -> list[int]:
        return _session(self._pid) if self.limits.processes else [self._pid]

    # --- the line to the box ---

    def _exchange(self, frame: list[memoryview], handle: Callable[[int], Any]) -> Any:
        """Write a request, read a whole reply; output is drained and the limits are watched."""
        waiting = [buffer for buffer in frame if buffer]
        data = bytearray()
        size = wire.PREFIX
        self._carried += sum(map(len, waiting))
        try:
            _write(self._requests, waiting)
            if waiting:
                self._selector.register(self._requests, selectors.EVENT_WRITE)
            while len(data) < size:
                for key, _ in self._selector.select(WATCH_S):
                    if key.fd == self._requests:
                        _write(self._requests, waiting)
                        if not waiting:
                            self._selector.unregister(self._requests)
                    elif key.fd == self._output:
                        self._drain()
                    else:
                        part = os.read(self._replies, min(2**20, size - len(data)))
                        if not part:
                            raise self._ended()
                        data += part
                        if len(data) == size == wire.PREFIX:
                            header, blobs = wire.sizes(data)
                            size += header + blobs
                if time.monotonic() > self._next_watch:
                    self._watch()
            if waiting:  # it answered before it had heard the question
                raise self._out_of_order()
            if self.limits.processes:
                self._watch()  # what they took since the last look counts too
            self._carried += size
            view = memoryview(data)[wire.PREFIX :]
            reply = wire.load(view[:header], view[header:], handle)
        except wire.ProtocolError:
            raise self._out_of_order() from None
        except BrokenPipeError:
            raise self._ended() from None
        if not isinstance(reply, tuple):
            raise self._out_of_order()
        return reply

    def _drain(self) -> None:
        part = os.read(self._output, 2**16)
        if not part:
            self._selector.unregister(self._output)
        room = self.limits.output_kb * 1024 - len(self.output)
        self.output += part[:room]
        if len(part) > room:
            message = f"it printed more than {self.limits.output_kb} kB"
            raise StudentFaultError(Outcome.OUTPUT_TOO_LARGE, message)

    def _watch(self) -> None:
        """End the box where it uses more than it may, by the kernel's account of it."""
        self._next_watch = time.monotonic() + WATCH_S
        limits = self.limits
        if time.monotonic() - self._started > limits.wall_s:
            message = f"no answer within {limits.wall_s:g} seconds"
            raise StudentFaultError(Outcome.TIMEOUT, message)
        if sys.platform != "linux":
            return
        pids = self._pids()
        if sum(map(_cpu_seconds, pids)) > limits.cpu_s:
            raise computed_too_long(limits)
        if sum(_resident(pid) - self._memory_before for pid in pids) > limits.memory_mb * 2**20:
            message = f"it took more than {limits.memory_mb} MB of memory"
            raise StudentFaultError(Outcome.OUT_OF_MEMORY, message)
        if _threads(self._pid) > sandbox.THREADS:
            message = f"it started more than {sandbox.THREADS} threads"
            raise StudentFaultError(Outcome.BLOCKED, message)

    def _ended(self) -> StudentFaultError:
        # Its end of the line closes a moment before it is gone.
        code = self._zygote.end(self._pid, patience=1.0)
        self.output += f"\n[the process ended: {code}]".encode()
        self._is_gone = True
        if code is None:
            return StudentFaultError(Outcome.CRASHED, "it closed the line to the grader")
        if code == -signal.SIGXCPU:
            return computed_too_long(self.limits)
        # Not which code or signal: the student's code could have chosen it after seeing the input.
        if code < 0:
            kind = "crashed" if -code in CRASHES else "was killed"
            return StudentFaultError(Outcome.CRASHED, f"the Python process {kind}")
        return StudentFaultError(Outcome.CRASHED, "it ended the Python process")


def line_of(load: Load, fault: Fault) -> str:
    """The line of code as it stands in the submission; "" where there is none of this number."""
    source = load.files.get(fault.file, load.given.get(fault.file, b""))
    lines = source.decode(errors="replace").splitlines()
    return lines[fault.line - 1].strip()[:200] if 0 < fault.line <= len(lines) else ""


def _write(descriptor: int, buffers: list[memoryview]) -> None:
    """Write what fits; `buffers` keeps the rest."""
    try:
        written = os.writev(descriptor, buffers[:64])
    except BlockingIOError:
        return
    while buffers and written >= len(buffers[0]):
        written -= len(buffers.pop(0))
    if buffers:
        buffers[0] = buffers[0][written:]


def computed_too_long(limits: Limits) -> StudentFaultError:
    """The fault of code that has used up its processor time."""
    message = f"it computed for more than {limits.cpu_s:g} seconds: is there an endless loop?"
    return StudentFaultError(Outcome.TIMEOUT, message)


def doubts(cost: Cost, carried: int = 0) -> list[str]:
    """In words for a person: where the kernel's account contradicts what a box says of its cost.

    What is allowed is several times what the slowest honest code takes: docs/measuring.md has
    the measurements. `carried` bytes came to the box and went from it meanwhile.
    """
    found = []
    each = OPERATOR_S + cost.largest * NUMBER_S
    allowed_s = IDLE_S + cost.flops * FLOP_S + sum(cost.operators.values()) * each
    if cost.cpu_s is not None and cost.cpu_s > allowed_s:
        found.append(
            "while its cost was counted it used far more processor time than what was counted "
            "takes: does it change the counting?"
        )
    allowed = IDLE_BYTES + 4 * (cost.peak_bytes + carried)
    if cost.peak_resident is not None and cost.peak_resident > allowed:
        found.append(
            "while its cost was counted it took far more memory than was counted: "
            "does it change the counting, or compute outside torch?"
        )
    return found


# What the kernel says of a process that has not been waited for, dead or alive.


class _Account(msgspec.Struct):
    """Seconds and bytes that a process, or several, have used."""

    cpu_s: float
    resident: int
    peak: int


def _cpu_seconds(pid: int) -> float:
    """CPU time of all its threads: the clock that clock_getcpuclockid(3) names."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # it has ended
        return 0.0


def _resident(pid: int) -> int:
    """Bytes in memory, shared ones included."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _peak_resident(pid: int) -> int:
    """The most that it has had in memory since its fork."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def _forget_peak(pid: int) -> None:
    """Count the peak from here, where the kernel lets one: 5 in clear_refs, see proc(5)."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _threads(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[17])
    except OSError:
        return 0


def _session(pid: int) -> list[int]:
    """The process and all that it has started: a box cannot leave its session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[3]) == pid:
                found.append(int(path.parent.name))
    return found


def _environment(accelerator: bool) -> dict[str, str]:
    """The zygote's: what the loader needs to start Python, and nothing else of the host's.

    Which GPUs it sees as well: those of this process, or none. Else torch would start a thread for
    each in the zygote, and no fork of it could go back through a graph.
    """
    names = ["LD_LIBRARY_PATH", "SYSTEMROOT", *VISIBLE_DEVICES * accelerator]
    kept = {n: os.environ[n] for n in names if n in os.environ}
    if not accelerator:
        kept |= dict.fromkeys(VISIBLE_DEVICES, "")
    else:  # whether there is a GPU can be asked without touching it
        kept["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}
    return kept | quiet | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
