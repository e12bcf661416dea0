"""A box: one process with one student's package in it, for the length of one test.

`ChildProcess` is the lowest rung: it survives crashes, endless loops and floods of output, but
the student's code can read and write whatever the user can. Nothing outside this module knows
which rung is in use.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
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


class ChildProcess:
    """A worker process. Use as a context manager; everything ends with it."""

    def __init__(self, load: Load, limits: Limits) -> None:
        self.limits = limits
        self.output = b""
        self._load = load

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="course-")
        to_child, self._requests = os.pipe()
        self._replies, from_child = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "autograder.worker", str(to_child), str(from_child)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(to_child, from_child),
            cwd=self._folder.name,
            env=_environment(self._folder.name),
            start_new_session=True,
        )
        os.close(to_child)
        os.close(from_child)
        assert self._process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._replies, selectors.EVENT_READ)
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._deadline = time.monotonic() + self.limits.wall_s
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout
        os.set_blocking(self._process.stdout.fileno(), False)
        self.output += self._process.stdout.read(self.limits.output_kb * 1024) or b""
        self._process.stdout.close()
        self._selector.close()
        os.close(self._requests)
        os.close(self._replies)
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
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
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
    where = f" in {fault.file}, line {fault.line}: {fault.code}" if fault.line else ""
    match fault.type:
        case "MemoryError":
            return Outcome.OUT_OF_MEMORY, f"out of memory{where}"
        case "RecursionError":
            return Outcome.ERROR, f"it calls itself without end{where}"
        case "NotPlainData":
            return Outcome.WRONG, f"it returned {fault.text}, which no caller can use as a result"
        case "MissingError":
            return Outcome.ERROR, f"{fault.text}: was it renamed or deleted?"
        case "ModuleNotFoundError":
            return Outcome.ERROR, f"it imports what is not installed here: {fault.text}{where}"
        case "SystemExit" | "KeyboardInterrupt":
            return Outcome.CRASHED, f"it ended the program ({fault.type}){where}"
    return Outcome.ERROR, f"it raised {fault.type}{where}"


def _environment(home: str) -> dict[str, str]:
    """What the student's code may know of this machine: next to nothing."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return (
        kept
        | threads
        | {"HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    )
