"""An examiner at the service of a Dask worker, on a machine that may be anywhere.

The worker (cluster.py) has threads, and is no place to fork boxes from, so each of its threads
has an examiner in a process of its own. It first proves on its machine that boxes hold, and grades
only by the very tests and versions that the client has.
"""

import os
import platform
import signal
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import IO

import msgspec

from autograder import isolation
from autograder.box import BoxError
from autograder.errors import CourseError
from autograder.gpu import REHEARSAL, Device, find_device, run_files
from autograder.grade import grade_files
from autograder.project import Project
from autograder.results import to_json_line
from autograder.sandbox import die_with

PREFIX = 8  # bytes that say how long a message is
OTHER_COPY = "its copy of the course is not the same as here: bring both to one commit"


class Request(msgspec.Struct):
    """A submission to grade. What it is called is not told: nothing may depend on it.

    Attributes:
        files: of the submission.
        ids: of the exercises.
        seed: of the hidden tests.
        rules: Project.rules_digest() of the client.
        versions: of the client's Python and torch.
        unsafe: whether to grade where boxes do not hold.
        device: which tests: "" those that grade, else those that need a GPU, on a device of this
            kind ("auto", or "cpu" for a rehearsal).
    """

    files: dict[str, bytes]
    ids: list[str]
    seed: int
    rules: str
    versions: str
    unsafe: bool = False
    device: str = ""


class Reply(msgspec.Struct):
    """One of three things.

    Attributes:
        result: the SubmissionResult, as JSON.
        refusal: why this machine must not grade.
        fault: what the grader stumbled over with this submission.
    """

    result: bytes = b""
    refusal: str = ""
    fault: str = ""


def versions() -> str:
    """As in "Python 3.11.2, torch 2.15.0"."""
    return f"Python {platform.python_version()}, torch {version('torch')}"


def main() -> None:
    """Answer requests on standard input until it is closed. Argument: the worker's process id."""
    die_with(int(sys.argv[1]))
    signal.signal(signal.SIGINT, lambda *_: None)  # it is the client's; a zygote must not inherit
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    while (data := receive(requests)) is not None:
        try:
            reply = answer(msgspec.msgpack.decode(data, type=Request))
        except msgspec.DecodeError:  # a client of another version
            reply = Reply(refusal=OTHER_COPY)
        send(replies, msgspec.msgpack.encode(reply))


def send(stream: IO[bytes], message: bytes) -> None:
    """Write a message. Raises BrokenPipeError if nobody reads."""
    stream.write(len(message).to_bytes(PREFIX, "big") + message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read a message; None if there comes none any more."""
    prefix = stream.read(PREFIX)
    size = int.from_bytes(prefix, "big")
    message = stream.read(size)
    return message if len(prefix) == PREFIX and len(message) == size else None


def answer(request: Request) -> Reply:
    """Grade a submission, or say why not."""
    try:
        project = Project(Path.cwd())
        if project.rules_digest() != request.rules:
            return Reply(refusal=_difference(request.versions))
        device = _device(request.device) if request.device else None
        proven = _proven(project, bool(request.device), request.unsafe)
    except (CourseError, BoxError) as error:
        return Reply(refusal=str(error))
    submission = "submission", request.files, request.ids, request.seed
    try:
        if device:
            result = run_files(project.root, *submission, device)
        else:
            result = grade_files(project.root, *submission)
    except Exception as error:
        return Reply(fault=f"the grader failed: {type(error).__name__}: {error}")
    result.isolation = proven
    return Reply(result=to_json_line(result).encode())


def _difference(theirs: str) -> str:
    if theirs != versions():
        return f"it has {versions()}, and here there is {theirs}: use the same"
    return OTHER_COPY


class HarmError(CourseError):
    """Boxes do not hold here."""


_good: dict[bool, str] = {}  # the proofs of this machine; what failed may do so once


def _proven(project: Project, accelerator: bool, unsafe: bool) -> str:
    """What keeps submissions apart from the grader here. Raises HarmError where nothing does."""
    if accelerator not in _good:
        found = isolation.prove(project.secrets, accelerator)
        if not found.unproven:
            _good[accelerator] = str(found)
        elif unsafe:
            return isolation.UNSAFE
        else:
            holes = ", ".join(f"it could {hole.name}" for hole in found.unproven)
            raise HarmError(f"a submission could do harm there: {holes}")
    return _good[accelerator]


@cache
def _device(kind: str) -> Device:
    return REHEARSAL if kind == REHEARSAL.type else find_device(kind)


if __name__ == "__main__":
    main()
