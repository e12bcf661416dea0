"""What a box may do: the kernel's own locks, put on before a line of a student's code runs.

Three layers, each open where another is shut: Landlock (files, TCP, signals to others), seccomp
(an allow-list of system calls) and rlimits. They need no privilege and cannot be taken off again.
None of this is trusted because it was asked for: selftest.py tries the doors in a real box.
"""

import contextlib
import ctypes
import errno
import math
import os
import platform
import resource
import struct
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

LAYERS = ("landlock", "seccomp", "rlimits")
THREADS = 256  # a box's threads, all its processes together
MEBIBYTE = 2**20


class IsolationError(Exception):
    """A layer that was asked for cannot be had; the text begins with its name."""


class Policy(msgspec.Struct, frozen=True):
    """What one box may use.

    Attributes:
        memory_mb: address space in MiB, on top of what the process has when it is confined.
        cpu_s: CPU time in seconds since the fork; SIGXCPU then, SIGKILL a second later.
        processes: more than 0 allows fork and wait, never exec. How many is not counted one by
            one: processes and threads share one limit.
        scratch: a folder in which the box may write; "" for none. No exercise is offered one:
            an unlinked file is seen by no count, so it would have to be a mount of its own size.
        scratch_mb: the largest file in it, in MiB.
        layers: for tests of the self-test only.
        accelerator: opens the GPU's devices and what its driver needs besides; weaker, see
            docs/security.md. Only `course gpu run` asks for it.
    """

    memory_mb: int = 2048
    cpu_s: float = 10.0
    processes: int = 0
    scratch: str = ""
    scratch_mb: int = 0
    layers: tuple[str, ...] = LAYERS
    accelerator: bool = False


def confine(policy: Policy, read_roots: Iterable[str]) -> None:
    """Lock this process in for the rest of its life.

    Call it in a freshly forked child with one thread, with its final descriptors and its own
    session. Afterwards it can read what lies under `read_roots`, write under `policy.scratch`,
    and compute; it dies with its parent.

    Raises:
        IsolationError: a second thread is running, or a layer cannot be had. The process may then
            be locked in by half: end it.
    """
    if sys.platform != "linux":
        raise IsolationError("isolation needs Linux")
    _wait_for_one_thread()
    _require("no_new_privs", _prctl(PR_SET_NO_NEW_PRIVS, 1))
    own_user = _drop_privileges()
    if "rlimits" in policy.layers:
        _limit(policy, own_user)
    _die_with_parent()
    if "landlock" in policy.layers:
        _landlock(policy, read_roots)
    if "seccomp" in policy.layers:
        _seccomp(seccomp_program(platform.machine(), os.getpid(), policy))


def kernel() -> dict[str, str]:
    """What this machine offers, layer by layer, or why it does not. It is tried, not looked up."""
    if sys.platform != "linux":
        return dict.fromkeys(LAYERS, f"needs Linux, this is {platform.system()}")
    try:
        landlock = f"ABI {_syscall('landlock_create_ruleset', None, ctypes.c_size_t(0), 1)}"
    except OSError as error:
        landlock = {
            errno.ENOSYS: "not in this kernel: 5.13 or newer has it",
            errno.EOPNOTSUPP: "off: boot the kernel with lsm=landlock,…",
        }.get(error.errno or 0, str(error))
    try:
        _machine(platform.machine())
        _syscall("seccomp", 2, 0, struct.pack("I", ALLOW))
        seccomp = f"filters, {platform.machine()}"
    except (OSError, IsolationError) as error:
        seccomp = str(error)
    source = "from autograder.sandbox import enter_namespaces as e; print(*e(), sep=', ')"
    command = [sys.executable, "-P", "-s", "-c", source]
    names = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return {
        "landlock": landlock,
        "seccomp": seccomp,
        "rlimits": "yes",
        "namespaces": names or "none: not needed, they would be one more wall",
    }


# --- Calls into the kernel ---------------------------------------------------------------------

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 24, 38, 47, 4


def _prctl(option: int, argument: int = 0) -> int:
    """0 or the error number."""
    words = [ctypes.c_ulong(word) for word in (argument, 0, 0, 0)]
    return ctypes.get_errno() if _libc.prctl(option, *words) < 0 else 0


def _syscall(name: str, *arguments: object) -> int:
    """What the kernel returns; OSError instead of -1."""
    number = _numbers(platform.machine())[name]
    result: int = _libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return result


def _require(layer: str, error: int) -> None:
    if error:
        raise IsolationError(f"{layer}: {os.strerror(error)}")


def _wait_for_one_thread() -> None:
    """A thread that was joined is gone from Python a moment before it is gone from the kernel."""
    for _ in range(1000):
        count = Path("/proc/self/task").stat().st_nlink - 2
        if count == 1:
            return
        time.sleep(0.0002)
    raise IsolationError(f"threads: {count} are running, and only one of them would be locked in")


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that comes about."""
    if sys.platform == "linux":
        _require("end with the parent", _prctl(PR_SET_PDEATHSIG, 9))
    if os.getppid() != parent:  # it was gone already
        os._exit(1)


def _die_with_parent() -> None:
    """Neither outlive the zygote nor leave a core file to a program that collects them."""
    parent = os.getppid()
    _require("not dumpable", _prctl(PR_SET_DUMPABLE, 0))
    die_with(parent)


# --- Privileges --------------------------------------------------------------------------------


def _drop_privileges() -> bool:
    """No capability and, as root, no further group; whether the process now has a user for itself.

    Root keeps its effective user id, without which it may not even read a Python in its home
    folder. The real one, by which the kernel counts threads, becomes one that nobody else has.
    """
    own = False
    if os.geteuid() == 0:
        with contextlib.suppress(PermissionError):  # a root that may not is as good as anybody
            os.setgroups([])
        with contextlib.suppress(OSError):  # a user namespace with few users
            os.setresuid(0x70000000 + os.getpid(), 0, 0)
            own = True
    for capability in range(64):
        if _prctl(PR_CAPBSET_DROP, capability):
            break  # the first that the kernel does not know, or nothing may be dropped
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("Ii", 0x20080522, 0)
    try:
        _syscall("capset", header, bytes(24))
    except OSError as error:
        raise IsolationError(f"privileges: {error}") from None
    return own


# --- rlimits -----------------------------------------------------------------------------------


def _limit(policy: Policy, own_user: bool) -> None:
    others = 0 if own_user else _tasks_of_user() - 1
    _lower(resource.RLIMIT_NPROC, others + THREADS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    mapped = pages * resource.getpagesize()  # torch maps gigabytes without using them
    # A driver reserves addresses for all memory of host and devices; what is used is watched.
    room = ACCELERATOR_ADDRESSES_MB if policy.accelerator else policy.memory_mb
    _lower(resource.RLIMIT_AS, mapped + room * MEBIBYTE)
    seconds = math.ceil(policy.cpu_s)
    _lower(resource.RLIMIT_CPU, seconds, seconds + 1)
    largest = policy.scratch_mb if policy.scratch else 0
    largest = max(largest, ACCELERATOR_FILE_MB * policy.accelerator)
    _lower(resource.RLIMIT_FSIZE, largest * MEBIBYTE)
    _lower(resource.RLIMIT_NOFILE, 256)
    _lower(resource.RLIMIT_SIGPENDING, 64)
    for kind in (
        resource.RLIMIT_CORE,
        resource.RLIMIT_MEMLOCK,
        resource.RLIMIT_MSGQUEUE,
        resource.RLIMIT_NICE,
        resource.RLIMIT_RTPRIO,
    ):
        _lower(kind, 0)


def _lower(kind: int, soft: int, hard: int | None = None) -> None:
    limit = resource.getrlimit(kind)[1]
    wanted = [soft, soft if hard is None else hard]
    if limit != resource.RLIM_INFINITY:
        wanted = [min(value, limit) for value in wanted]
    resource.setrlimit(kind, (wanted[0], wanted[1]))


STEP = 64


def _tasks_of_user() -> int:
    """How many threads the kernel counts for this user, up to STEP too few.

    Too many would give a box room for more than THREADS. The kernel tells nobody, and a container
    does not see all of them; so find a limit under which one more cannot start.
    """
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    most = 2**22 if hard == resource.RLIM_INFINITY else hard  # 2**22: Linux has no more ids
    low, high = 1, min(STEP, most)
    while high < most and not _one_more_starts(high, hard):
        low, high = high, min(2 * high, most)
    while high - low > STEP:
        middle = (low + high) // 2
        if _one_more_starts(middle, hard):
            high = middle
        else:
            low = middle
    _wait_for_one_thread()
    return low


def _one_more_starts(limit: int, hard: int) -> bool:
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, hard))
    thread = threading.Thread(target=int)
    try:
        thread.start()
    except RuntimeError:
        return False
    thread.join()
    return True


# --- Namespaces --------------------------------------------------------------------------------

NAMESPACES = {"user": 0x10000000, "net": 0x40000000, "ipc": 0x08000000, "uts": 0x04000000}


def enter_namespaces() -> list[str]:
    """In the zygote, at its start and with one thread: leave the host's network, shared memory
    and host name, as far as this kernel lets us. Process ids and users stay the same.

    Returns the names of what was had, often none; the three layers of a box do not depend on it.
    A cgroup is not among them: one that holds a process, and ours does, gives its children no
    limit of memory.
    """
    if sys.platform != "linux":
        return []
    names = _rehearse()
    for name in names:
        _enter(name)
    return names


def _rehearse() -> list[str]:
    """Try in a child: a user namespace that cannot be set up is one from which none comes back."""
    answer, ours = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for name in NAMESPACES:
                if name == "user" and os.geteuid() == 0:
                    continue  # root needs none, and would lose the files of others in it
                try:
                    _enter(name)
                except OSError:
                    if name == "user":
                        break  # nobody else may make the others
                else:
                    os.write(ours, f"{name} ".encode())
        finally:
            os._exit(0)
    os.close(ours)
    with os.fdopen(answer) as stream:
        names = stream.read().split()
    os.waitpid(pid, 0)
    return names


def _enter(name: str) -> None:
    user, group = os.geteuid(), os.getegid()
    _syscall("unshare", NAMESPACES[name])
    if name == "user":
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


# --- Landlock ----------------------------------------------------------------------------------

LANDLOCK_RULE_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, REFER, TRUNCATE, IOCTL = 1 << 7, 1 << 8, 1 << 13, 1 << 14, 1 << 15
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
READ = READ_FILE | READ_DIR
SCRATCH = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
DEVICES = {"/dev/null": READ_FILE | WRITE_FILE, "/dev/zero": READ_FILE, "/dev/urandom": READ_FILE}

# What to forbid: files, TCP (bind, connect), scopes (abstract sockets, signals). Kernels differ,
# and some name a version whose attributes they then refuse: the first of these that is accepted.
RULESETS = (
    (2**17 - 1, 3, 3),  # ABI 9: path sockets
    (2**16 - 1, 3, 3),  # 6: scopes
    (2**16 - 1, 3, 0),  # 5: ioctl on devices
    (2**15 - 1, 3, 0),  # 4: TCP
    (2**15 - 1, 0, 0),  # 3: truncate
    (2**14 - 1, 0, 0),  # 2: link and rename between folders
    (2**13 - 1, 0, 0),  # 1
)


def _landlock(policy: Policy, read_roots: Iterable[str]) -> None:
    try:
        ruleset, handled = _create_ruleset()
        rules = [(root, READ) for root in read_roots] + list(DEVICES.items())
        if policy.scratch:
            rules.append((policy.scratch, SCRATCH))
        if policy.accelerator:
            rules += accelerator_rules()
        for path, rights in rules:
            _allow_beneath(ruleset, path, rights & handled)
        _syscall("landlock_restrict_self", ruleset, 0)
        os.close(ruleset)
    except OSError as error:
        raise IsolationError(f"landlock: {error}") from None


def _create_ruleset() -> tuple[int, int]:
    """A descriptor, and the rights to files that are forbidden unless a rule gives them."""
    for attributes in RULESETS:
        packed = struct.pack("QQQ", *attributes)
        # The kernel takes a longer structure than it knows only if the rest is zero.
        try:
            size = ctypes.c_size_t(len(packed))
            return _syscall("landlock_create_ruleset", packed, size, 0), attributes[0]
        except OSError as error:
            last = error
    raise last


def _allow_beneath(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return  # what nobody may open needs no right
    try:
        if not Path(path).is_dir():
            rights &= FILE_RIGHTS
        rule = struct.pack("=Qi", rights, descriptor)
        _syscall("landlock_add_rule", ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def read_roots() -> list[str]:
    """What a box may read: this Python with its packages, system libraries, the time zone.

    Not the folder of the course, no home folder, not /etc, /proc or /tmp. Folders, and some files.
    """
    python = [sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")]
    libraries = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64"]
    libraries.append(f"{sys.base_prefix}/lib")  # conda keeps shared libraries there
    others = ["/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"]
    # torch asks these how many cores there are, some time after its import.
    others += ["/sys/devices/system/cpu", "/proc/cpuinfo"]
    paths = {Path(path).resolve() for path in python + libraries + others}
    outermost = [path for path in paths if not paths.intersection(path.parents)]
    return sorted(str(path) for path in outermost if path.exists())


def exposed(paths: Iterable[str | Path]) -> list[Path]:
    """Those of `paths` that a box could read, because they lie under a read root."""
    roots = [Path(root) for root in read_roots()]
    files = [Path(path) for path in paths]
    return [file for file in files if any(file.resolve().is_relative_to(r) for r in roots)]


# --- Accelerators ------------------------------------------------------------------------------

# What an accelerator's driver needs on top of a plain box. It comes from what others report of
# CUDA under Landlock and seccomp (NVIDIA's OpenShell and others); we had no device to try it on.
ACCELERATOR_ADDRESSES_MB = 2**26  # 64 TiB of addresses
ACCELERATOR_FILE_MB = 16  # the largest file in memory: only those can be made
NVIDIA_AND_AMD = ("/dev/nvidia*", "/dev/kfd")
ACCELERATOR_DEVICES = (*NVIDIA_AND_AMD, "/dev/dri")
ACCELERATOR_FILES = (
    *("/proc/driver/nvidia*", "/proc/devices", "/proc/meminfo", "/proc/sys/vm/mmap_min_addr"),
    *("/sys/bus/pci", "/sys/devices/pci*", "/sys/devices/system/node", "/sys/module/nvidia*"),
    *("/sys/class/drm", "/sys/class/kfd", "/sys/devices/virtual/kfd"),
    *("/usr/local/nvidia", "/usr/local/cuda*", "/usr/share/nvidia", "/opt/rocm*"),
)


def accelerator_devices(patterns: Iterable[str] = NVIDIA_AND_AMD) -> list[str]:
    """The device nodes (and folders of them) that this machine has."""
    return [str(path) for pattern in patterns for path in sorted(Path("/").glob(pattern[1:]))]


def accelerator_rules() -> list[tuple[str, int]]:
    """Path → rights: the devices in full, the driver's own files to read."""
    devices = accelerator_devices(ACCELERATOR_DEVICES)
    rules = [(path, READ | WRITE_FILE | IOCTL) for path in devices]
    rules += [(path, READ) for path in accelerator_devices(ACCELERATOR_FILES)]
    # CUDA names its threads through /proc, and gives up where it may not. Only this process's own.
    own = [("/proc/self/task", READ | WRITE_FILE | TRUNCATE), ("/proc/self/maps", READ_FILE)]
    return rules + own


# --- seccomp -----------------------------------------------------------------------------------

# Every system call that a box may make: its numbers on x86-64 and on aarch64 (- where absent).
# "name?" has a condition on its arguments, see _conditions.
ALWAYS = """
read 0 63  write 1 64  readv 19 65  writev 20 66  pread64 17 67  pwrite64 18 68  preadv 295 69
pwritev 296 70  preadv2 327 286  pwritev2 328 287  lseek 8 62  close 3 57  close_range 436 436
dup 32 23  dup2 33 -  dup3 292 24  pipe 22 -  pipe2 293 59
open? 2 -  openat? 257 56  fstat 5 80  stat 4 -  lstat 6 -  newfstatat 262 79  statx 332 291
access 21 -  faccessat 269 48  faccessat2 439 439  readlink 89 -  readlinkat 267 78
getdents 78 -  getdents64 217 61  getcwd 79 17  chdir 80 49  fchdir 81 50  umask 95 166
fadvise64 221 223  fcntl? 72 25  ioctl? 16 29
poll 7 -  ppoll 271 73  select 23 -  pselect6 270 72  epoll_create 213 -  epoll_create1 291 20
epoll_ctl 233 21  epoll_wait 232 -  epoll_pwait 281 22  epoll_pwait2 441 441
mmap 9 222  munmap 11 215  mprotect 10 226  mremap 25 216  madvise 28 233  msync 26 227
brk 12 214  get_mempolicy 239 236  mbind 237 235
futex 202 98  set_robust_list 273 99  set_tid_address 218 96  rseq 334 293  clone? 56 220
sched_yield 24 124  sched_getaffinity? 204 123  sched_getparam? 143 121  getcpu 309 168
sched_getscheduler? 145 120  sched_get_priority_max 146 125  sched_get_priority_min 147 126
rt_sigaction 13 134  rt_sigprocmask 14 135  rt_sigreturn 15 139  rt_sigpending 127 136
rt_sigtimedwait 128 137  rt_sigsuspend 130 133  sigaltstack 131 132  pause 34 -
kill? 62 129  tkill? 200 130  tgkill? 234 131  rt_sigqueueinfo? 129 138  rt_tgsigqueueinfo? 297 240
restart_syscall 219 128  exit 60 93  exit_group 231 94
clock_gettime? 228 113  clock_getres? 229 114  clock_nanosleep? 230 115  nanosleep 35 101
gettimeofday 96 169  time 201 -  times 100 153  getrusage 98 165
getitimer 36 102  setitimer 38 103  alarm 37 -
getpid 39 172  getppid 110 173  gettid 186 178  getuid 102 174  geteuid 107 175  getgid 104 176
getegid 108 177  getresuid 118 148  getresgid 120 150  getgroups 115 158  getpgrp 111 -
getpgid? 121 155  getsid? 124 156  uname 63 160  sysinfo 99 179  getrandom 318 278
getrlimit 97 163  setrlimit 160 164  prlimit64? 302 261  prctl? 157 167
"""
WITH_SCRATCH = """
mkdir 83 -  mkdirat 258 34  rmdir 84 -  unlink 87 -  unlinkat 263 35  rename 82 -  renameat 264 38
renameat2 316 276  ftruncate 77 46  fallocate 285 47  fsync 74 82  fdatasync 75 83
"""
WITH_PROCESSES = """
fork 57 -  vfork 58 -  wait4 61 260  waitid 247 95
"""
WITH_ACCELERATOR = """
memfd_create 319 279  ftruncate 77 46  eventfd 284 -  eventfd2 290 19  statfs 137 43
fstatfs 138 44  mlock 149 228  munlock 150 229  mincore 27 232  set_mempolicy 238 237
"""
# Not for boxes: what this module itself needs, and clone3, whose flags a filter cannot read.
OURS = """
clone3 435 435  capset 126 91  unshare 272 97  seccomp 317 277  landlock_create_ruleset 444 444
landlock_add_rule 445 445  landlock_restrict_self 446 446
"""

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH


def _parse(table: str, machine: str) -> Iterator[tuple[str, int]]:
    words = table.split()
    column = _machine(machine)[0]
    for name, *numbers in zip(words[::3], words[1::3], words[2::3], strict=True):
        if numbers[column] != "-":
            yield name.rstrip("?"), int(numbers[column])


def _machine(machine: str) -> tuple[int, int]:
    if machine not in MACHINES:
        raise IsolationError(f"seccomp: no table of system calls for {machine}")
    return MACHINES[machine]


def _numbers(machine: str) -> dict[str, int]:
    tables = ALWAYS + WITH_SCRATCH + WITH_PROCESSES + WITH_ACCELERATOR + OURS
    return dict(_parse(tables, machine))


class Check(NamedTuple):
    """The argument, masked, is one of `values`. Only its low 32 bits: the kernel reads no more."""

    argument: int
    mask: int
    values: tuple[int, ...]


WORD = 0xFFFFFFFF
O_ACCMODE, O_TRUNC = 3, 0o1000
CLONE_VM, CLONE_SIGHAND, CLONE_THREAD = 0x100, 0x800, 0x10000
# CLONE_PIDFD, PTRACE, PARENT, UNTRACED, IO and every namespace.
CLONE_NEVER = 0x1000 | 0x2000 | 0x8000 | 0x800000 | 0x80000000 | 0x7E020000


def _conditions(pid: int, policy: Policy) -> dict[str, Check]:
    # Reading cannot truncate, and nothing opens a file in access mode 3: Landlock before ABI 3
    # looks at neither.
    modes = (os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_WRONLY | O_TRUNC, os.O_RDWR | O_TRUNC)
    thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD
    at_itself = Check(0, WORD, (pid,))
    of_itself = Check(0, WORD, (0, pid))
    common_clock = Check(0, ~15 & WORD, (0,))  # the others are CPU clocks of any process
    return {
        "open": Check(1, O_ACCMODE | O_TRUNC, modes),
        "openat": Check(2, O_ACCMODE | O_TRUNC, modes),
        # Duplicate, get and set flags, size of a pipe. No owner, no signal, no lease, no lock.
        "fcntl": Check(1, WORD, (0, 1, 2, 3, 4, 1030, 1032)),
        # By their letter: of nvidia-uvm (none), nvidia, kfd, drm, and terminals, of which it has
        # none. Else TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
        "ioctl": Check(1, 0xFF00, (0, 0x4600, 0x4B00, 0x5400, 0x6400))
        if policy.accelerator
        else Check(1, WORD, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
        "clone": Check(0, CLONE_NEVER, (0,))
        if policy.processes
        else Check(0, CLONE_NEVER | thread, (thread,)),
        "kill": at_itself,
        "tkill": at_itself,
        "tgkill": at_itself,
        "rt_sigqueueinfo": at_itself,
        "rt_tgsigqueueinfo": at_itself,
        "sched_getaffinity": of_itself,
        "sched_getparam": of_itself,
        "sched_getscheduler": of_itself,
        "getpgid": of_itself,
        "getsid": of_itself,
        "prlimit64": of_itself,
        "clock_gettime": common_clock,
        "clock_getres": common_clock,
        "clock_nanosleep": common_clock,
        # Name of the thread (set, get), and of a mapping.
        "prctl": Check(0, WORD, (15, 16, 0x53564D41)),
    }


ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, AND, EQUAL, RETURN = 0x20, 0x54, 0x15, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data


def seccomp_program(machine: str, pid: int, policy: Policy) -> bytes:
    """The filter as an array of struct sock_filter, for the box with this process id.

    What it does not name fails with EPERM. So does a number with the bit of x32, as no number here
    has it; another architecture's call ends the process. clone3 fails with ENOSYS, and the C
    library then uses clone.
    """
    refuse = _operation(RETURN, REFUSE | errno.EPERM)
    allow = _operation(RETURN, ALLOW)
    table = ALWAYS + WITH_SCRATCH * bool(policy.scratch) + WITH_PROCESSES * bool(policy.processes)
    numbers = dict(_parse(table + WITH_ACCELERATOR * policy.accelerator, machine))
    bodies = {_numbers(machine)["clone3"]: [_operation(RETURN, REFUSE | errno.ENOSYS)]}
    for name, check in _conditions(pid, policy).items():
        if name in numbers:
            bodies[numbers[name]] = [*_check(check), allow]
    for number in numbers.values():
        bodies.setdefault(number, [allow])

    program = [
        _operation(LOAD, ARCHITECTURE),
        _operation(EQUAL, _machine(machine)[1], 1, 0),
        _operation(RETURN, KILL),
        _operation(LOAD, NUMBER),
    ]
    for number, body in bodies.items():
        program += [_operation(EQUAL, number, 0, len(body)), *body]
    return b"".join([*program, refuse])


def _check(check: Check) -> list[bytes]:
    """Go on after these operations if the check holds, else refuse."""
    count = len(check.values)
    return [
        _operation(LOAD, ARGUMENTS + 8 * check.argument),
        _operation(AND, check.mask),
        *(_operation(EQUAL, v, count - i, 0) for i, v in enumerate(check.values)),
        _operation(RETURN, REFUSE | errno.EPERM),
    ]


def _operation(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _seccomp(program: bytes) -> None:
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the pointer is aligned
    descriptor = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    try:
        _syscall("seccomp", 1, 0, descriptor)
    except OSError as error:
        raise IsolationError(f"seccomp: {error}") from None
