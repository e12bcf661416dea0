"""Is a box shut? Each forbidden thing is tried in a real one (probe.py) and checked out here.

A box that says that it was refused is believed only if the files, sockets and processes laid out
for it are as they were.
"""

import contextlib
import os
import re
import resource
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import msgspec

from autograder.probe import HERE

Call = Callable[..., Any]
Attempt = tuple[str, tuple[Any, ...]]  # a function of probe.py, and its arguments

# What the kernel says to what it does not allow or does not have.
REFUSALS = {"EPERM", "EACCES", "ENOSYS", "EAFNOSUPPORT"}
LIMITS = {"start_threads": {"EAGAIN", "ended"}, "map_memory": {"ENOMEM", "ended"}}
VARIABLES = re.compile(
    r"PATH|LANG|LC_\w+|TZ|HOME|TMPDIR|PYTHON\w+|\w+_NUM_THREADS|(KMP|(PY)?TORCH|CUDA|CUBLAS)_?\w*"
    r"|(HIP|ROCR)_VISIBLE_DEVICES"
)
THREADS = 1024
TEBIBYTE = 2**20  # in MiB
# What a box with an accelerator may do all the same: its driver reserves addresses, and shares
# memory with itself by files that have no name.
WITH_ACCELERATOR = frozenset({"map_memory", "memfd_create"})


class Property(msgspec.Struct):
    """One thing that a box must not be able to do, and whether that was seen to hold.

    `name` completes "A box cannot …"; `detail` says how it was refused or, where it is not proven,
    what happened instead.
    """

    name: str
    proven: bool
    detail: str


def prove(call: Call, allowed: Collection[str] = ()) -> list[Property]:
    """Try everything in boxes of this machine: a tenth of a second, plus 100 calls.

    Args:
        call: `call(name, *arguments)` runs that function of probe.py in a box and returns its
            answer. It may use one box for all calls or a fresh one for each. What it raises counts
            against the property, not against the self-test.
        allowed: attempts that these boxes allow on purpose; they are not made.

    Returns:
        One entry for each property, proven or not.
    """

    def attempts_at(canaries: _Canaries) -> dict[str, list[Attempt]]:
        kept = {
            name: [attempt for attempt in attempts if _label(attempt) not in allowed]
            for name, attempts in _attempts(canaries).items()
        }
        return {name: attempts for name, attempts in kept.items() if attempts}

    canaries = _Canaries()
    found: list[Property] = []
    try:
        for name, attempts in attempts_at(canaries).items():
            details: set[str] = set()
            proven = True
            for number in range(len(attempts)):
                # Afresh, as there may be other canaries by now.
                function, arguments = attempts_at(canaries)[name][number]
                try:
                    answer = call(function, *arguments)
                    good, detail = _judge(function, answer)
                except Exception as error:
                    good, detail = False, f"{type(error).__name__}: {error}"
                if harm := canaries.harm():
                    good, detail = False, f"{detail}, and {harm}"
                    canaries.close()
                    canaries = _Canaries()
                if not good:
                    proven, details = False, {f"{_label((function, arguments))}: {detail}"}
                    break
                details.add(detail)
            found.append(Property(name, proven, ", ".join(sorted(details))))
    finally:
        canaries.close()
    return found


def _label(attempt: Attempt) -> str:
    function, arguments = attempt
    return str(arguments[0]) if function == "ask" else function


def _judge(function: str, answer: Any) -> tuple[bool, str]:
    match function, answer:
        case "environment", list():
            return _judge_environment(answer)
        case "descriptors", list():
            return _judge_descriptors(answer)
        case _, str():
            return answer in LIMITS.get(function, REFUSALS), answer[:80]
    return False, f"an answer of type {type(answer).__name__}"


def _judge_environment(variables: list[Any]) -> tuple[bool, str]:
    places = {str(Path.home()), str(Path.cwd()), sys.prefix} - {"/"}
    for variable in variables:
        name, _, value = str(variable).partition("=")
        if not VARIABLES.fullmatch(name) or any(place in value for place in places):
            return False, f"it has {name[:40]} of the host"
    return True, f"{len(variables)} fixed values"


def _judge_descriptors(descriptors: list[Any]) -> tuple[bool, str]:
    """Standard input and output, and the two pipes of the requests and the replies."""
    standard = [re.fullmatch("[012] (pipe|device)", str(entry)) for entry in descriptors[:3]]
    pipes = [re.fullmatch(r"\d+ pipe", str(entry)) for entry in descriptors[3:]]
    text = ", ".join(map(str, descriptors))[:200]
    return all(standard) and all(pipes) and len(pipes) <= 2, text


# --- What is tried -----------------------------------------------------------------------------

NEW_USER, NEW_MOUNTS, NEW_NETWORK = 0x10000000, 0x00020000, 0x40000000
MAKE = os.O_CREAT | os.O_EXCL | os.O_WRONLY


def _attempts(at: "_Canaries") -> dict[str, list[Attempt]]:
    secret, new, pid, grader = str(at.secret), str(at.secret) + "-new", at.pid, os.getpid()
    shared, program = str(at.shared), "/bin/true"

    def ask(*arguments: Any) -> Attempt:
        return "ask", arguments

    def try_(function: str, *arguments: Any) -> Attempt:
        return function, arguments

    def opened(path: str, flags: int = os.O_RDONLY) -> Attempt:
        return "open_file", (path, flags)

    return {
        "read files": [opened(secret), opened("/etc/passwd"), opened(f"{at.home}/secret")],
        "list folders": [
            try_("list_folder", str(path))
            for path in (at.secret.parent, shared, at.home, "/", "/tmp")
        ],
        "write to files": [
            opened(secret, os.O_WRONLY | os.O_APPEND),
            opened(f"{at.home}/secret", os.O_WRONLY | os.O_APPEND),
        ],
        "make files": [
            opened(new, MAKE),
            ask("mkdirat", HERE, new, 0o700),
            ask("mknodat", HERE, new, stat.S_IFIFO | 0o600, 0),
        ],
        "make files in the home folder": [opened(f"{at.home}/new", MAKE)],
        "change a folder open to all": [
            opened(f"{shared}/new", MAKE),
            opened(f"{shared}/secret", os.O_WRONLY),
            ask("unlinkat", HERE, f"{shared}/secret", 0),
        ],
        "truncate files": [
            ask("truncate", secret, 0),
            opened(secret, os.O_WRONLY | os.O_TRUNC),
            opened(secret, os.O_RDONLY | os.O_TRUNC),
        ],
        "remove files": [ask("unlinkat", HERE, secret, 0)],
        "rename files": [ask("renameat2", HERE, secret, HERE, new, 0)],
        "link files": [
            ask("linkat", HERE, secret, HERE, new, 0),
            ask("symlinkat", secret, HERE, new),
        ],
        "change the mode of files": [ask("fchmodat", HERE, secret, 0o777)],
        "change the owner of files": [
            ask("fchownat", HERE, secret, os.geteuid(), os.getegid(), 0),
            ask("fchownat", HERE, secret, 65534, 65534, 0),
        ],
        "change the times of files": [ask("utimensat", HERE, secret, 0, 0)],
        "change the attributes of files": [ask("setxattr", secret, "user.course", b"x", 1, 0)],
        "look into the grader": [
            *(opened(f"/proc/{grader}/{name}") for name in ("environ", "cmdline", "maps", "mem")),
            try_("list_folder", f"/proc/{grader}/fd"),
            try_("list_folder", f"/proc/{grader}/cwd/"),
        ],
        "look into other processes": [
            opened(f"/proc/{pid}/environ"),
            opened("/proc/1/cmdline"),
            opened("/proc/self/environ"),
            try_("list_folder", "/proc"),
        ],
        "connect by TCP": [try_("connect_tcp", at.tcp_port)],
        "listen by TCP": [try_("bind_tcp")],
        "send by UDP": [try_("send_udp", at.udp_port)],
        "connect to a Unix socket": [try_("connect_unix", os.fsencode(at.unix_path) + b"\0")],
        "connect to an abstract socket": [try_("connect_unix", at.abstract)],
        "make other sockets": [
            ask("socket", family, kind, protocol)
            for family, kind, protocol in (
                (10, 1, 0),  # IPv6
                (16, 3, 0),  # netlink
                (2, 3, 1),  # raw
                (17, 3, 0),  # packet
                (40, 1, 0),  # vsock
                (38, 5, 0),  # the kernel's ciphers
            )
        ],
        "signal other processes": [
            ask("kill", pid, signal.SIGTERM),
            ask("tgkill", pid, pid, signal.SIGTERM),
            try_("queue_signal", pid, signal.SIGTERM),
            ask("pidfd_open", pid, 0),
            ask("kill", grader, 0),
        ],
        "have the kernel signal them": [try_("send_sigio", pid)],
        "trace other processes": [ask("ptrace", 0x4206, pid, 0, 0)],
        "read their memory": [try_("read_memory", pid)],
        "read their clock": [try_("read_clock", pid)],
        "change their priority": [
            ask("sched_setaffinity", pid, 8, (1).to_bytes(8, "little")),
            ask("sched_setscheduler", pid, os.SCHED_BATCH, bytes(4)),
            ask("setpriority", os.PRIO_PROCESS, pid, 19),
            ask("ioprio_set", 1, pid, 3 << 13),
        ],
        "change their limits": [
            ask("prlimit64", pid, resource.RLIMIT_NOFILE, (10).to_bytes(8, "little") * 2, 0)
        ],
        "start processes": [try_("fork"), try_("fork_clone3")],
        "start programs": [
            try_("run_program", program),
            try_("spawn_program", program),
            ask("execve", program, 0, 0),
            ask("execveat", HERE, program, 0, 0, 0),
        ],
        "start threads without end": [try_("start_threads", THREADS)],
        "take memory without end": [try_("map_memory", TEBIBYTE)],
        "share memory": [
            ask("memfd_create", "course", 0),
            *(try_("shared_memory", kind) for kind in ("shm", "msg", "sem")),
            opened(at.shm, MAKE),
        ],
        "raise limits": [
            try_("raise_limit", f"RLIMIT_{name}") for name in ("AS", "CPU", "FSIZE", "NOFILE")
        ],
        "make namespaces": [
            *(ask("unshare", flag) for flag in (NEW_USER, NEW_MOUNTS, NEW_NETWORK)),
            try_("fork_namespace", NEW_USER),
        ],
        # Of no effect even where they are allowed: the last argument checked is wrong.
        "change the machine": [
            ask("mount", "none", "/", "no such type", 0, 0),
            ask("chroot", "/"),
            ask("sethostname", "course", -1),
            ask("reboot", 0, 0, 0, 0),
        ],
        "become another user": [ask("setresuid", os.geteuid(), os.geteuid(), os.geteuid())],
        "use rare parts of the kernel": [
            ask("bpf", 0, bytes(128), 128),
            ask("perf_event_open", bytes(128), 0, -1, -1, 0),
            ask("io_uring_setup", 1, bytes(120)),
            ask("add_key", "user", "course", b"x", 1, -2),
            ask("userfaultfd", 0),
            ask("inotify_init1", 0),
            ask("fanotify_init", 0, 0),
            try_("call_x32"),
        ],
        "know the host's environment": [try_("environment")],
        "inherit open files": [try_("descriptors")],
    }


# --- What must stay as it is -------------------------------------------------------------------


class _Canaries:
    """Files, listeners and a process like the grader's own, and how they were at first."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        try:
            self._lay_out()
        except BaseException:
            self.close()
            raise
        self._before = self._state()

    def _lay_out(self) -> None:
        folder = self._folder(tempfile.gettempdir())
        folder.chmod(0o755)
        (folder / "own").mkdir(mode=0o700)
        self.secret = folder / "own/secret"
        self.shared = folder / "shared"
        self.shared.mkdir()
        self.shared.chmod(0o777)
        home = Path.home()
        self.home = self._folder(home if os.access(home, os.W_OK) else folder)
        for path in (self.secret, self.shared / "secret", self.home / "secret"):
            path.write_text("canary")
            os.utime(path, (10**9, 10**9))

        self.shm = f"/dev/shm/{folder.name}"
        self._stack.callback(Path(self.shm).unlink, missing_ok=True)
        is_short = len(os.fsencode(folder)) < 90  # a socket's path has 108 bytes at most
        self.unix_path = str((folder if is_short else self._folder("/tmp")) / "socket")
        self.abstract = b"\0" + os.fsencode(folder.name)
        self._tcp = self._listener(socket.AF_INET, ("127.0.0.1", 0))
        self._udp = self._listener(socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_DGRAM)
        self._unix = self._listener(socket.AF_UNIX, self.unix_path)
        self._abstract = self._listener(socket.AF_UNIX, self.abstract)
        self.tcp_port, self.udp_port = (s.getsockname()[1] for s in (self._tcp, self._udp))

        # A stand-in for the grader: the same user's, and no loss if a signal gets through.
        canary = subprocess.Popen(
            ["cat"],  # until the other end of its standard input is closed, by kill -9 even
            env={"COURSE": "canary"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        process = self._stack.enter_context(canary)
        self._stack.callback(process.kill)
        self._process, self.pid = process, process.pid

    def _folder(self, parent: str | Path) -> Path:
        manager = tempfile.TemporaryDirectory(prefix="course-selftest-", dir=parent)
        path = Path(self._stack.enter_context(manager))
        self._folders = [*getattr(self, "_folders", []), path]
        return path

    def _listener(self, family: int, address: Any, kind: int = socket.SOCK_STREAM) -> socket.socket:
        listener = self._stack.enter_context(socket.socket(family, kind))
        listener.bind(address)
        listener.setblocking(False)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        return listener

    def close(self) -> None:
        """Leave nothing behind."""
        self._stack.close()

    def harm(self) -> str:
        """What is no longer as it was; "" if all is."""
        try:
            now = self._state()
        except OSError as error:
            return f"{error.filename} is gone"
        changed = [name for name in self._before | now if self._before.get(name) != now.get(name)]
        return f"{changed[0]} changed" if changed else ""

    def _state(self) -> dict[str, object]:
        state: dict[str, object] = {}
        for folder in self._folders:
            for path in [folder, *sorted(folder.rglob("*"))]:
                found = path.lstat()
                state[f"{path.name} in {path.parent.name}"] = (
                    found.st_mode,
                    (found.st_uid, found.st_gid, found.st_nlink),
                    (found.st_mtime_ns, found.st_ctime_ns),
                    path.read_bytes() if path.is_file() else b"",
                    os.listxattr(path, follow_symlinks=False),
                )
        for name in ("_tcp", "_udp", "_unix", "_abstract"):
            state[f"the {name[1:]} listener"] = self._heard(getattr(self, name))
        state["the process"] = self._process.poll()
        if self._process.returncode is None:
            state["the process's priority"] = (
                os.sched_getaffinity(self.pid),
                os.sched_getscheduler(self.pid),
                os.getpriority(os.PRIO_PROCESS, self.pid),
            )
            state["the process's limits"] = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        return state

    @staticmethod
    def _heard(listener: socket.socket) -> bool:
        try:
            if listener.type == socket.SOCK_DGRAM:
                listener.recv(1)
            else:
                listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True
