"""A box: one process with one student's package in it, for the length of one test.

Boxes are forks of a zygote (see worker.py), so that starting one costs milliseconds.
`ChildProcess` is the lowest rung: it survives crashes, endless loops and floods of output, but
the student's code can read and write whatever the user can. Nothing outside this module knows
which rung is in use.
"""

import atexit
import builtins
import contextlib
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from typing import Any, Self

import msgspec

from autograder import wire
from autograder.catalog import Limits
from autograder.results import Outcome
from autograder.worker import Fault, Load

ISOLATION = "none: an ordinary child process"


class StudentFaultError(Exception):
    """The student's code did not answer. `fault` is there where it raised an exception."""

    def __init__(self, outcome: Outcome, message: str, fault: Fault | None = None) -> None:
        super().__init__(message)
        self.outcome, self.message, self.fault = outcome, message, fault


class BoxError(Exception):
    """No box could be had; that is the machine's fault, not the student's."""


class Zygote:
    """A process that has imported everything slow and forks boxes; one for each examiner."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        # A session of its own: Ctrl-C is for the grader, which ends the boxes itself.
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "autograder.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_environment(),
            start_new_session=True,
        )
        theirs.close()
        atexit.register(self.close)

    def close(self) -> None:
        """End the zygote itself; each box is ended by whoever opened it."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def fork(self, folder: str, descriptors: list[int]) -> int:
        """Start a box in this folder; its process id."""
        pid: int = self._ask(["fork", folder], descriptors)
        return pid

    def exit_code(self, pid: int, patiently: bool) -> int | None:
        """How the box ended (minus the signal, if one ended it); None while it runs."""
        code: int | None = self._ask(["wait", pid, patiently])
        return code

    def _ask(self, request: list[Any], descriptors: Sequence[int] = ()) -> Any:
        try:
            socket.send_fds(self._socket, [msgspec.msgpack.encode(request)], descriptors)
            return msgspec.msgpack.decode(self._socket.recv(2**10))
        except (OSError, msgspec.DecodeError):
            self.close()
            raise BoxError("no process for student code could be started: course doctor") from None


@cache
def _zygote(examiner: int) -> Zygote:
    """The zygote of the examiner with this process id: a fork of it needs another."""
    return Zygote()


class ChildProcess:
    """One box. Use as a context manager; everything in it ends with it."""

    def __init__(self, load: Load, limits: Limits) -> None:
        self.limits = limits
        self.output = b""
        self._load = load
        self._exit_code: int | None = None

    def __enter__(self) -> Self:
        self._zygote = _zygote(os.getpid())
        self._folder = tempfile.TemporaryDirectory(prefix="course-")
        to_child, self._requests = os.pipe()
        self._replies, from_child = os.pipe()
        self._output, output = os.pipe()
        theirs = [to_child, from_child, output]
        try:
            self._pid = self._zygote.fork(self._folder.name, theirs)
        except BoxError:
            _zygote.cache_clear()  # the next box tries with another one
            self._close()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._replies, selectors.EVENT_READ)
        self._selector.register(self._output, selectors.EVENT_READ)
        self._deadline = time.monotonic() + self.limits.wall_s
        return self

    def __exit__(self, *_: object) -> None:
        if self._exit_code is None:
            for kill in (os.killpg, os.kill):  # before it has a session of its own, by its id
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(self._pid, signal.SIGKILL)
            self._exit_code = self._zygote.exit_code(self._pid, patiently=True)
        os.set_blocking(self._output, False)
        with contextlib.suppress(BlockingIOError):
            self.output += os.read(self._output, self.limits.output_kb * 1024)
        self._selector.close()
        self._close()

    def _close(self) -> None:
        for descriptor in (self._requests, self._replies, self._output):
            os.close(descriptor)
        self._folder.cleanup()

    def load(self) -> None:
        """Put the package together. Raises StudentFaultError if it cannot be imported."""
        self._exchange(msgspec.to_builtins(self._load))

    def call(self, target: str | int, name: str, args: Any, kwargs: Any, keep: bool) -> Any:
        """Call a function of a module, or a method of a kept object; see FarSide.call."""
        return self._exchange([target, name, args, kwargs, keep])

    def _exchange(self, request: Any) -> Any:
        try:
            wire.send(self._requests, request)
        except BrokenPipeError:
            raise self._ended() from None
        try:
            reply = msgspec.convert(wire.unpack(self._frame()), dict[str, Any])
            if "fault" not in reply:
                return reply["value"]
            fault = msgspec.convert(reply["fault"], Fault)
        except (wire.ProtocolError, msgspec.ValidationError, KeyError):
            message = "your code wrote into the line on which the grader listens"
            raise StudentFaultError(Outcome.CRASHED, message) from None
        raise StudentFaultError(*_classify(fault), fault)

    def _frame(self) -> bytes:
        """The next whole reply, while output is drained and the limits are watched."""
        data = bytearray()
        while True:
            if len(data) >= wire.LENGTH:
                size = int.from_bytes(data[: wire.LENGTH])
                if size > wire.MAX_FRAME:
                    raise wire.ProtocolError("a reply larger than any reply may be")
                if len(data) >= wire.LENGTH + size:
                    return bytes(data[wire.LENGTH :])
            remaining = self._deadline - time.monotonic()
            if remaining <= 0:
                seconds = f"{self.limits.wall_s:g}"
                raise StudentFaultError(Outcome.TIMEOUT, f"no answer within {seconds} seconds")
            for key, _ in self._selector.select(remaining):
                part = os.read(key.fd, 2**16)
                if key.fd == self._replies:
                    if not part:
                        raise self._ended()
                    data += part
                elif part:
                    self.output += part
                    if len(self.output) > self.limits.output_kb * 1024:
                        message = f"it printed more than {self.limits.output_kb} kB"
                        raise StudentFaultError(Outcome.OUTPUT_TOO_LARGE, message)
                else:
                    self._selector.unregister(key.fileobj)

    def _ended(self) -> StudentFaultError:
        for _ in range(200):  # its end of the pipe closes a moment before it is gone
            self._exit_code = self._zygote.exit_code(self._pid, patiently=False)
            if self._exit_code is not None:
                break
            select.select([], [], [], 0.01)
        code = self._exit_code
        if code is None:
            return StudentFaultError(Outcome.CRASHED, "it closed the line to the grader")
        if code == -signal.SIGXCPU:
            seconds = f"{self.limits.cpu_s:g}"
            message = f"it computed for more than {seconds} seconds: is there an endless loop?"
            return StudentFaultError(Outcome.TIMEOUT, message)
        if code < 0:
            name = signal.Signals(-code).name
            return StudentFaultError(Outcome.CRASHED, f"the Python process died of {name}")
        message = f"it ended the Python process (exit code {code})"
        return StudentFaultError(Outcome.CRASHED, message)


def _classify(fault: Fault) -> tuple[Outcome, str]:
    """The outcome, and a sentence that a student may read.

    It holds no text that the student's code could have chosen after it saw a hidden input: not
    the exception's message, and its name only if Python itself defines it.
    """
    where = f" in {fault.file}, line {fault.line}: {fault.code}" if fault.line else ""
    match fault.type:
        case "MemoryError":
            return Outcome.OUT_OF_MEMORY, f"out of memory{where}"
        case "RecursionError":
            return Outcome.ERROR, f"it calls itself without end{where}"
        case "NotPlainData":
            return Outcome.WRONG, "it returned an object that no caller can use as a result"
        case "ModuleNotFoundError":
            return Outcome.ERROR, f"it imports what is not installed here{where}"
        case "SystemExit" | "KeyboardInterrupt":
            return Outcome.CRASHED, f"it ended the program ({fault.type}){where}"
    known = isinstance(getattr(builtins, fault.type, None), type)
    return Outcome.ERROR, f"it raised {fault.type if known else 'an exception'}{where}"


def _environment() -> dict[str, str]:
    """What the student's code may know of this machine: next to nothing. Its home is the box's."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    return kept | quiet | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
