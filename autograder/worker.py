"""The processes of the box: a zygote that has imported everything slow, and its forks.

The zygote runs no line of a student's and knows no test; it starts boxes and says how they
ended. A box confines itself (see sandbox.py), then answers requests about one package until the
grader goes away. box.py is the other end of both.
"""

import contextlib
import ctypes
import fcntl
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

import jaxtyping  # noqa: F401  (imported here once, not in every box)
import msgspec

from autograder import sandbox, wire
from autograder.farside import VISIBLE_DEVICES, FarSide, Load, listen_for_attempts, seed_all
from autograder.meter import Meter, counting_mode

PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Be the zygote. Arguments: the socket to the grader, its process id, "plain" or "accelerator",
    and what to import.

    It first says which namespaces it has entered. Requests are ["fork"] with three descriptors
    (requests, replies, output) and ["end", pid, seconds]; every one has a reply.
    """
    grader = socket.socket(fileno=int(sys.argv[1]))
    sandbox.die_with(int(sys.argv[2]))
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    extras = sandbox.enter_namespaces()  # a user namespace is for one thread; torch starts more
    _, _, kind, *imports = sys.argv[1:]
    for name in imports:
        importlib.import_module(name)
    if testbed := sys.modules.get("autograder.testbed"):
        testbed.prepare()
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
        if kind == "plain":
            _warm_up_torch()
        else:  # to compute would touch the GPU, which no fork could use then
            importlib.import_module("torch._dynamo")  # wants a folder for its cache, a box has none
            counting_mode()
    roots = sandbox.read_roots()
    sys.path[:] = [entry for entry in sys.path if entry.startswith(tuple(roots))]
    _tell(grader, extras)
    gc.freeze()  # forks do not touch, and so do not copy, what is here already
    boxes: set[int] = set()
    while True:
        request, descriptors, _, _ = socket.recv_fds(grader, 2**16, 3)
        match msgspec.msgpack.decode(request) if request else None:
            case ["fork"]:
                zygote = os.getpid()
                reply: Any = os.fork()
                if reply == 0:
                    grader.close()
                    _be_a_box(zygote, roots, *descriptors)
                boxes.add(reply)
                for descriptor in descriptors:
                    os.close(descriptor)
            case ["end", int(pid), int() | float() as seconds]:
                boxes.discard(pid)
                reply = _end(pid, seconds, boxes)
            case _:
                return
        _tell(grader, reply)


def _tell(grader: socket.socket, reply: Any) -> None:
    grader.sendall(msgspec.msgpack.encode(reply))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(option, value, 0, 0, 0):
        raise OSError(f"prctl({option}) failed")


def _children() -> set[int]:
    """The processes whose parent is this one."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    except ChildProcessError:
        return set()
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    return {pid for pid, parent in parents.items() if parent == os.getpid()}


def _warm_up_torch() -> None:
    """Do once what the first use of torch imports; on one thread, so that forks stay sound."""
    import torch

    layer = torch.nn.Linear(2, 2)
    optimizer = torch.optim.AdamW(layer.parameters())
    torch.nn.functional.cross_entropy(layer(torch.ones(1, 2)), torch.tensor([0])).backward()
    optimizer.step()
    torch.testing.assert_close(torch.ones(1), torch.ones(1))
    with Meter().running():
        layer(torch.ones(1, 2))


def _end(pid: int, patience: float, others: set[int]) -> int | None:
    """Kill a box with all that it has started; `others` are the boxes that stay.

    Returns:
        its exit code (minus the signal) if it ended by itself within `patience` seconds, or None.
    """
    deadline = time.monotonic() + patience
    while not (ended := os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)):
        if time.monotonic() >= deadline:
            break
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    # What a box has left behind is the zygote's child now, and may be forking still.
    while orphans := _children() - others:
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        for orphan in orphans:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, 0)
    return code if ended else None


def _be_a_box(zygote: int, roots: list[str], requests: int, replies: int, output: int) -> NoReturn:
    """What the fork does: leave the zygote behind and serve until the grader goes away."""
    status = 1
    try:
        sandbox.die_with(zygote)
        os.setsid()
        os.chdir("/")
        os.dup2(output, 1)
        os.dup2(output, 2)
        requests, replies = _only_descriptors(requests, replies)
        serve(requests, replies, roots)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _only_descriptors(requests: int, replies: int) -> tuple[int, int]:
    """Keep 0, 1, 2 and these two, as 3 and 4; close every other."""
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in (requests, replies)]
    os.closerange(3, 64)
    for number, fd in enumerate(high, start=3):
        os.dup2(fd, number, inheritable=False)
        os.close(fd)
    os.closerange(5, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return 3, 4


def serve(requests: int, replies: int, roots: list[str]) -> None:
    """Answer requests until the grader closes its end. The first message is the Load."""
    load = msgspec.convert(wire.receive(requests), Load)
    try:
        if load.policy.layers:
            sandbox.confine(load.policy, roots)
    except sandbox.IsolationError as error:
        wire.send(replies, ("isolation", str(error)))
        return
    _start_afresh(load)
    far = FarSide(load)

    def talk(reply: list[memoryview]) -> Any:
        wire.write(replies, reply)
        return wire.receive(requests, far.object)

    far.talk = talk
    listen_for_attempts(far)
    wire.send(replies, ("isolation", ""))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            wire.write(replies, far.answer(wire.receive(requests, far.object)))


def _start_afresh(load: Load) -> None:
    """What forks would share: arguments, the environment, random states."""
    sys.argv = [""]
    tempfile.tempdir = None
    devices = {n: os.environ[n] for n in VISIBLE_DEVICES if n in os.environ}
    os.environ.clear()
    os.environ |= devices if load.policy.accelerator else {}
    os.environ |= {"HOME": "/", "TMPDIR": "/", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
    seed_all(load.seed, load.policy.accelerator)


if __name__ == "__main__":
    main()
