"""Forbidden things, tried from inside a box. The judge is selftest.py, outside of it.

Each function answers "done", or the name of the error with which it was refused; the two at the
end say what is there. Most ask the kernel directly, so that no check of Python's own stands in
front of the box's.
"""

import ctypes
import errno
import fcntl
import os
import platform
import re
import resource
import signal
import socket
import stat
import struct
import subprocess
import threading

# System calls: the number on x86-64, and on aarch64.
TABLE = """
openat 257 56  read 0 63  write 1 64  getdents64 217 61  truncate 76 45  unlinkat 263 35
renameat2 316 276  linkat 265 37  symlinkat 266 36  fchmodat 268 53  fchownat 260 54
utimensat 280 88  setxattr 188 5  mknodat 259 33  mkdirat 258 34  socket 41 198  bind 49 200
connect 42 203  sendto 44 206  kill 62 129  tgkill 234 131  rt_sigqueueinfo 129 138
pidfd_open 434 434  fcntl 72 25  ptrace 101 117  process_vm_readv 310 270
sched_setaffinity 203 122  sched_setscheduler 144 119  setpriority 141 140  ioprio_set 251 30
prlimit64 302 261  clock_gettime 228 113  clone 56 220  clone3 435 435  execve 59 221
execveat 322 281  mmap 9 222  munmap 11 215  unshare 272 97  mount 165 40  chroot 161 51
sethostname 170 161  reboot 169 142  bpf 321 280  perf_event_open 298 241  io_uring_setup 425 425
add_key 248 217  userfaultfd 323 282  memfd_create 319 279  shmget 29 194  shmctl 31 195
msgget 68 186  msgctl 71 187  semget 64 190  semctl 66 191  inotify_init1 294 26
fanotify_init 300 262  getpid 39 172  setresuid 117 147
"""
_COLUMN = {"x86_64": 1, "aarch64": 2}.get(platform.machine(), 1)
_WORDS = TABLE.split()
_NUMBERS = {_WORDS[i]: int(_WORDS[i + _COLUMN]) for i in range(0, len(_WORDS), 3)}

HERE = -100  # AT_FDCWD, for paths that are absolute anyway
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def ask(name: str, *arguments: int | bytes | str) -> str:
    """One system call; text goes as a C string, bytes as a structure."""
    try:
        _kernel(name, *arguments)
    except OSError as error:
        return _name(error)
    return "done"


def _kernel(name: str, *arguments: int | bytes | str, number: int = 0) -> int:
    words = [
        ctypes.c_long(word)
        if isinstance(word, int)
        else ctypes.create_string_buffer(os.fsencode(word))
        for word in arguments
    ]
    result: int = _libc.syscall(ctypes.c_long(number or _NUMBERS[name]), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, repr(error))


# --- Files -------------------------------------------------------------------------------------


def open_file(path: str, flags: int) -> str:
    """Open, with a mode for a file that this would make; then read or write one byte."""
    try:
        descriptor = _kernel("openat", HERE, path, flags, 0o600)
        if flags & os.O_ACCMODE == os.O_RDONLY:
            _kernel("read", descriptor, bytes(1), 1)
        else:
            _kernel("write", descriptor, b"x", 1)
    except OSError as error:
        return _name(error)
    return "done"


def list_folder(path: str) -> str:
    """Read names from a folder."""
    try:
        descriptor = _kernel("openat", HERE, path, os.O_RDONLY | os.O_DIRECTORY)
        _kernel("getdents64", descriptor, bytes(4096), 4096)
    except OSError as error:
        return _name(error)
    return "done"


# --- Network -----------------------------------------------------------------------------------


def _inet(port: int) -> bytes:
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + b"\x7f\0\0\1" + bytes(8)


def bind_tcp() -> str:
    """Take any port of the loopback interface."""
    try:
        descriptor = _kernel("socket", socket.AF_INET, socket.SOCK_STREAM, 0)
        _kernel("bind", descriptor, _inet(0), 16)
    except OSError as error:
        return _name(error)
    return "done"


def connect_tcp(port: int) -> str:
    """Reach a listener on the loopback interface."""
    try:
        descriptor = _kernel("socket", socket.AF_INET, socket.SOCK_STREAM, 0)
        _kernel("connect", descriptor, _inet(port), 16)
    except OSError as error:
        return _name(error)
    return "done"


def send_udp(port: int) -> str:
    """Send a datagram to the loopback interface."""
    try:
        descriptor = _kernel("socket", socket.AF_INET, socket.SOCK_DGRAM, 0)
        _kernel("sendto", descriptor, b"x", 1, 0, _inet(port), 16)
    except OSError as error:
        return _name(error)
    return "done"


def connect_unix(address: bytes) -> str:
    """Reach a Unix socket; an address that begins with a zero byte is abstract."""
    packed = struct.pack("=H", socket.AF_UNIX) + address
    try:
        descriptor = _kernel("socket", socket.AF_UNIX, socket.SOCK_STREAM, 0)
        _kernel("connect", descriptor, packed, len(packed))
    except OSError as error:
        return _name(error)
    return "done"


# --- Other processes ---------------------------------------------------------------------------


def send_sigio(pid: int) -> str:
    """Make the kernel signal a process: it owns a pipe of ours, and the pipe has news."""
    ours, theirs = os.pipe()
    try:
        _kernel("fcntl", ours, fcntl.F_SETOWN, pid)
        _kernel("fcntl", ours, fcntl.F_SETFL, os.O_ASYNC)
        _kernel("write", theirs, b"x", 1)
    except OSError as error:
        return _name(error)
    finally:
        os.close(ours)
        os.close(theirs)
    return "done"


def queue_signal(pid: int, number: int) -> str:
    """A signal with a value, as sigqueue sends it."""
    return ask("rt_sigqueueinfo", pid, number, struct.pack("=iii", number, 0, -1) + bytes(116))


def read_memory(pid: int) -> str:
    """Copy from another process; at an address that it has not, so EFAULT means allowed."""
    here = ctypes.create_string_buffer(1)
    local = struct.pack("PN", ctypes.addressof(here), 1)
    return ask("process_vm_readv", pid, local, 1, struct.pack("PN", 0x1000, 1), 1, 0)


def read_clock(pid: int) -> str:
    """Another process's CPU time."""
    return ask("clock_gettime", (~pid << 3) | 2, bytes(16))


# --- New processes, threads, memory, limits ----------------------------------------------------


def fork() -> str:
    """Another process, by clone."""
    return _fork("clone", signal.SIGCHLD, 0, 0, 0, 0)


def fork_clone3() -> str:
    """Another process, by clone3, whose flags a filter cannot read."""
    return _fork("clone3", struct.pack("QQQQQQQQ", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0), 64)


def fork_namespace(flag: int) -> str:
    """Another process in a namespace of its own."""
    return _fork("clone", flag | signal.SIGCHLD, 0, 0, 0, 0)


def _fork(name: str, *arguments: int | bytes) -> str:
    try:
        pid = _kernel(name, *arguments)
    except OSError as error:
        return _name(error)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "done"


def run_program(path: str) -> str:
    """Python's own way to another program."""
    try:
        subprocess.run([path], stdin=subprocess.DEVNULL, capture_output=True)
    except OSError as error:
        return _name(error)
    return "done"


def spawn_program(path: str) -> str:
    """The C library's own way to another program."""
    try:
        os.waitpid(os.posix_spawn(path, [path], {}), 0)
    except OSError as error:
        return _name(error)
    return "done"


def start_threads(count: int) -> str:
    """Have so many threads at a time, with stacks so small that memory is no limit."""
    enough = threading.Event()
    threads: list[threading.Thread] = []
    before = threading.stack_size(64 * 1024)
    try:
        for _ in range(count):
            thread = threading.Thread(target=enough.wait)
            thread.start()
            threads.append(thread)
    except RuntimeError:
        return "EAGAIN"
    finally:
        enough.set()
        for thread in threads:
            thread.join()
        threading.stack_size(before)
    return "done"


def map_memory(mebibytes: int) -> str:
    """Take so much address space: private, anonymous, without reserve."""
    size = mebibytes * 2**20
    try:
        address = _kernel("mmap", 0, size, 3, 0x4022, -1, 0)
    except OSError as error:
        return _name(error)
    _kernel("munmap", address, size)
    return "done"


def raise_limit(name: str) -> str:
    """Lift a hard limit by one."""
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY:
        return "done"
    return ask("prlimit64", 0, kind, struct.pack("QQ", hard + 1, hard + 1), 0)


def shared_memory(kind: str) -> str:
    """A System V object, by shmget, msgget or semget; it is removed again."""
    get = {"shm": (0, 4096, 0o1600), "msg": (0, 0o1600), "sem": (0, 1, 0o1600)}[kind]
    try:
        made = _kernel(f"{kind}get", *get)
    except OSError as error:
        return _name(error)
    _kernel(f"{kind}ctl", made, *([0] * (kind == "sem")), 0, 0)
    return "done"


def call_x32() -> str:
    """A number of x32, the 32-bit interface that a filter for x86-64 can overlook."""
    try:
        _kernel("getpid", number=0x40000000 | 39)
    except OSError as error:
        return _name(error)
    return "done"


# --- What is there -----------------------------------------------------------------------------


def environment() -> list[str]:
    """Every NAME=value: of Python, and those the process was started with, still in its memory."""
    _libc.getauxval.restype = ctypes.c_ulong
    # The kernel puts the variables just before the program's file name (AT_EXECFN).
    end = _libc.getauxval(31) - 1
    started_with: list[str] = []
    while end > 0:
        start = end
        while ctypes.string_at(start - 1, 1) != b"\0":
            start -= 1
        text = ctypes.string_at(start, end - start).decode(errors="replace")
        if not re.match(r"[A-Za-z_]\w*=", text):
            break
        started_with.append(text)
        end = start - 1
    now = [os.fsencode(f"{name}={value}") for name, value in os.environ.items()]
    return [variable.decode(errors="replace") for variable in now] + started_with


def descriptors() -> list[str]:
    """Every open descriptor, as "NUMBER KIND"."""
    kinds = {
        stat.S_IFIFO: "pipe",
        stat.S_IFCHR: "device",
        stat.S_IFREG: "file",
        stat.S_IFDIR: "folder",
        stat.S_IFSOCK: "socket",
    }
    found = []
    for number in range(4096):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        found.append(f"{number} {kinds.get(stat.S_IFMT(mode), 'other')}")
    return found
