"""The locks of a box, put on real forked children; the filter also in a small interpreter."""

import ctypes
import errno
import itertools
import json
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import pytest

from autograder import sandbox
from autograder.sandbox import IsolationError, Policy

ROOT = Path(__file__).parents[1]
linux = pytest.mark.skipif(sys.platform != "linux", reason="isolation needs Linux")
pytestmark = linux
USERS = [os.geteuid(), 65534] if os.geteuid() == 0 else [os.geteuid()]

# A program that forks confined children: box(function, user, policy) returns what the function
# returned, or how the child ended.
PROGRAM = """
import json, os, sys, traceback
from autograder import sandbox
from autograder.sandbox import Policy

ROOTS = sandbox.read_roots()


def box(function, user=os.geteuid(), policy=Policy(), confine=sandbox.confine):
    answer, reply = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            if user != os.geteuid():
                os.setgroups([])
                os.setresgid(user, user, user)
                os.setresuid(user, user, user)
            confine(policy, ROOTS)
            result = function()
        except BaseException as error:
            result = type(error).__name__ + ": " + str(error)
        os.write(reply, json.dumps(result).encode())
        os._exit(0)
    os.close(reply)
    with os.fdopen(answer) as stream:
        text = stream.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return json.loads(text) if text else code


def say(value):
    print(json.dumps(value), flush=True)


USER = int(sys.argv[1])
"""


def start(source, user=None, **options):
    """The program, running; its standard input and output are pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + source, str(os.geteuid() if user is None else user)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        **options,
    )


def run(source, user=None, **options):
    """What the program says."""
    output, errors = start(source, user, **options).communicate(timeout=300)
    assert output, errors
    return json.loads(output)


# --- What must work ----------------------------------------------------------------------------

COMPUTE = """
import ctypes, io, random, tempfile, time, subprocess, concurrent.futures
import numpy, torch



def work(counts=(1, 2)):
    done = {}
    def attention():
        q = torch.randn(2, 8, 4, requires_grad=True)
        torch.nn.functional.scaled_dot_product_attention(q, q, q).sum().backward()
        return list(q.grad.shape)
    for threads in counts:
        torch.set_num_threads(threads)
        a = torch.randn(400, 400, requires_grad=True)
        (a @ a).sum().backward()
        done[f"matmul {threads}"] = torch.get_num_threads(), list(a.grad.shape)
    done["attention"] = attention()
    done["svd"] = numpy.linalg.svd(numpy.random.rand(50, 50))[1].shape
    torch.nn.functional.conv2d(torch.randn(1, 3, 8, 8), torch.randn(2, 3, 3, 3))
    done["capability"] = torch.backends.cpu.get_cpu_capability()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        done["pool"] = list(pool.map(abs, [-1, 2, -3]))
    stream = io.BytesIO()
    torch.save(torch.nn.Linear(3, 3).state_dict(), stream)
    stream.seek(0)
    done["saved"] = sorted(torch.load(stream))
    done["callback"] = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 3)()
    done["random"] = 0 <= random.SystemRandom().random() < 1
    time.sleep(0.01)
    done["cores"] = os.cpu_count(), len(os.sched_getaffinity(0))
    with open(os.devnull, "w") as nowhere:
        nowhere.write("x")
    return done


def refused():
    names = []
    for name, function in {
        "subprocess": lambda: subprocess.run(["/bin/true"]),
        "fork": os.fork,
        "read": lambda: open("/etc/passwd"),
    }.items():
        try:
            function()
        except PermissionError:
            names.append(name)
    return names


def write():
    tempfile.tempdir = FOLDER
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.pt")
        torch.save(torch.zeros(10), path)
        os.rename(path, path + "2")
        size = len(torch.load(path + "2"))
    found = [size, os.listdir(FOLDER)]
    for path, count in ((FOLDER + "/large", 3 * 2**20), (FOLDER + "-beside", 1)):
        try:
            with open(path, "wb") as file:
                file.write(bytes(count))
        except OSError as error:
            found.append(error.errno)
    return found


torch.set_num_threads(1)
FOLDER = sys.argv[2]
if USER != os.geteuid():
    work([1])  # who has no way to the folder of this Python cannot import more of it
    torch.save(torch.zeros(1), FOLDER + "/warm")
    os.remove(FOLDER + "/warm")
say([box(work, USER), box(refused, USER), box(write, USER, Policy(scratch=FOLDER, scratch_mb=1))])
"""


@pytest.mark.parametrize("user", USERS)
def test_torch_and_numpy_work(user):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        source = COMPUTE.replace("sys.argv[2]", repr(folder))
        work, refused, written = run(source, user)
    cores = len(os.sched_getaffinity(0))
    assert isinstance(work, dict) and work.pop("capability") != "DEFAULT", work
    assert work == {
        "matmul 1": [1, [400, 400]],
        "matmul 2": [2, [400, 400]],
        "attention": [2, 8, 4],
        "svd": [50],
        "pool": [1, 2, 3],
        "saved": ["bias", "weight"],
        "callback": 3,
        "random": True,
        "cores": [os.cpu_count(), cores],
    }
    assert refused == ["subprocess", "fork", "read"]
    assert written == [10, [], errno.EFBIG, errno.EACCES]


# --- Limits, privileges, life and death --------------------------------------------------------


def test_cpu_time_ends():
    source = """
import signal

def spin():
    while True:
        pass

def stubborn():
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    spin()

short = Policy(cpu_s=0.5)
say([box(spin, policy=short), box(stubborn, policy=short)])
"""
    assert run(source) == [-signal.SIGXCPU, -signal.SIGKILL]


@pytest.mark.parametrize("user", USERS)
def test_limits(user):
    source = """
import resource

def limits():
    return {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in NAMES}

NAMES = ["CPU", "FSIZE", "CORE", "NOFILE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO"]
say([
    box(limits, USER),
    box(lambda: len(bytearray(50 * 2**20)), USER, Policy(memory_mb=100)),
    box(lambda: len(bytearray(150 * 2**20)), USER, Policy(memory_mb=100)),
])
"""
    limits, small, large = run(source, user)
    assert limits.pop("CPU") == [10, 11]
    assert limits.pop("NOFILE") == [256, 256]
    assert limits and all(limit == [0, 0] for limit in limits.values())
    assert small == 50 * 2**20
    assert large == "MemoryError: "


@pytest.mark.parametrize("user", USERS)
def test_the_outside_still_sees_a_box_that_has_no_privilege(user):
    source = """
def wait():
    say(os.getpid())
    import time
    time.sleep(60)

box(wait, USER)
say("ended")
"""
    with start(source, user) as program:
        pid = int(program.stdout.readline())
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        )
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        seconds = time.clock_gettime((~pid << 3) | 2)
        os.kill(pid, signal.SIGKILL)
        assert json.loads(program.stdout.readline()) == "ended"
    sets = ("CapInh", "CapPrm", "CapEff", "CapAmb") + ("CapBnd",) * (user == 0)
    assert {int(status[name], 16) for name in sets} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert user != 0 or not status["Groups"].strip()
    assert pages > 0 and 0 < seconds < 10


def test_a_box_dies_with_its_parent():
    source = """
def wait():
    say(os.getpid())
    import time
    time.sleep(60)

box(wait, USER)
"""
    with start(source) as program:
        pid = int(program.stdout.readline())
        program.kill()
    for _ in range(500):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.01)
    pytest.fail("it lives on")


def test_processes_only_where_they_are_allowed():
    source = """
def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def execute():
    os.execv("/bin/true", ["true"])

some = Policy(processes=2)
say([box(fork, USER), box(fork, USER, some), box(execute, USER, some)])
"""
    refused, forked, executed = run(source)
    assert refused.startswith("PermissionError")
    assert forked == 7
    assert executed.startswith("PermissionError")


def test_namespaces_are_one_more_wall_and_break_nothing():
    source = """
def look():
    import wave  # a file of Python that was not read yet
    return [wave.__name__]

before = os.readlink("/proc/self/ns/net")
names = sandbox.enter_namespaces()
after = os.readlink("/proc/self/ns/net")
say([names, before != after, box(look), os.getuid()])
"""
    names, moved, works, user = run(source)
    assert set(names) <= {"user", "net", "ipc", "uts"}
    assert moved == ("net" in names)
    assert works == ["wave"]
    assert user == os.getuid()


# --- What cannot be had ------------------------------------------------------------------------


def test_a_second_thread_is_refused():
    source = """
import threading

def confine(policy, roots):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    sandbox.confine(policy, roots)

say(box(int, confine=confine))
"""
    assert run(source).startswith("IsolationError: threads: 2")


@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
def test_a_layer_that_is_not_there_is_named(layer, monkeypatch):
    def absent(name, *arguments):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(sandbox, "_syscall", absent)
    with pytest.raises(IsolationError, match=f"^{layer}: "):
        if layer == "landlock":
            sandbox._landlock(Policy(), [])
        else:
            sandbox._seccomp(bytes(8))


def test_an_unknown_machine_has_no_filter():
    with pytest.raises(IsolationError, match=r"^seccomp: .*riscv64"):
        sandbox.seccomp_program("riscv64", 1, Policy())


@pytest.mark.parametrize("level", range(len(sandbox.RULESETS)))
def test_landlock_falls_back_to_what_the_kernel_accepts(level, monkeypatch):
    accepted = sandbox.RULESETS[level]
    tried = []

    def old_kernel(name, packed, size, flags):
        tried.append(struct.unpack("QQQ", packed))
        if tried[-1] != accepted:
            raise OSError(errno.EINVAL, "Invalid argument")
        return 99

    monkeypatch.setattr(sandbox, "_syscall", old_kernel)
    assert sandbox._create_ruleset() == (99, accepted[0])
    assert tried == list(sandbox.RULESETS[: level + 1])


def test_what_may_be_read_is_python_and_libraries():
    roots = [Path(root) for root in sandbox.read_roots()]
    for private in (ROOT, Path.home(), Path("/tmp"), Path("/etc"), Path("/home"), Path("/")):
        assert private not in roots
    assert sandbox.exposed([numpy.__file__, ROOT / "tests"]) == [Path(numpy.__file__)]
    assert sandbox.exposed([ROOT / "autograder/hidden", "/etc/passwd", "/proc/self/environ"]) == []


def test_the_kernel_says_what_it_offers():
    offers = sandbox.kernel()
    assert set(sandbox.LAYERS) < set(offers)
    assert all(offers.values())


# --- The filter, in an interpreter -------------------------------------------------------------

PID = 4711
ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
POLICIES = [
    *(Policy(), Policy(processes=1), Policy(scratch="/x", processes=2)),
    Policy(accelerator=True),
]


def verdict(program, machine, number, arguments=(), arch=None):
    """What the kernel would decide: classic BPF, as far as filters for system calls use it."""
    arguments = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack(
        "=iIQ6Q", number, arch or ARCH[machine], 0, *(word & (2**64 - 1) for word in arguments)
    )
    operations = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        code, if_true, if_false, value = operations[at]
        at += 1
        match code:
            case 0x20:
                assert value % 4 == 0 and value < len(data)
                accumulator = struct.unpack_from("=I", data, value)[0]
            case 0x54:
                accumulator &= value
            case 0x05:
                at += value
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x25:
                at += if_true if accumulator > value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case 0x06:
                return value
            case _:
                pytest.fail(f"unknown operation {code:#x}")


@pytest.fixture(scope="module")
def library():
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")
    library.seccomp_init.restype = ctypes.c_void_p
    return library


def resolve(library, machine, name):
    """The number of a system call, negative if the machine has none of this name."""
    arch = ctypes.c_uint32(ARCH[machine])
    return library.seccomp_syscall_resolve_name_arch(arch, name.encode())


TABLES = sandbox.ALWAYS + sandbox.WITH_SCRATCH + sandbox.WITH_PROCESSES + sandbox.OURS
TABLES += sandbox.WITH_ACCELERATOR.replace("ftruncate 77 46", "")  # as in WITH_SCRATCH
machines = pytest.mark.parametrize("machine", ARCH)


@machines
def test_numbers_are_those_of_libseccomp(machine, library):
    numbers = dict(sandbox._parse(TABLES, machine))
    names = {name.rstrip("?") for name in TABLES.split()[::3]}
    assert len(names) == len(TABLES.split()) / 3
    for name in names:
        assert max(resolve(library, machine, name), -1) == numbers.get(name, -1), name


@machines
@pytest.mark.parametrize("policy", POLICIES)
def test_every_number_has_the_verdict_that_was_meant(machine, policy):
    program = sandbox.seccomp_program(machine, PID, policy)
    assert len(program) % 8 == 0 and len(program) // 8 <= 4096
    table = sandbox.ALWAYS
    table += sandbox.WITH_SCRATCH if policy.scratch else ""
    table += sandbox.WITH_PROCESSES if policy.processes else ""
    table += sandbox.WITH_ACCELERATOR if policy.accelerator else ""
    allowed = dict(sandbox._parse(table, machine))
    conditional = {name.rstrip("?") for name in TABLES.split()[::3] if name.endswith("?")}
    assert conditional == set(sandbox._conditions(PID, policy))
    plain = {number for name, number in allowed.items() if name not in conditional}
    maybe = {number for name, number in allowed.items() if name in conditional}
    for number in range(-2, 1100):
        found = {
            verdict(program, machine, number, arguments)
            for arguments in ((), (1, 2, 3), (-1,) * 6, (PID, 0x5401))
        }
        if number == 435:
            assert found == {ENOSYS}
        elif number in plain:
            assert found == {ALLOW}, number
        elif number in maybe:
            assert found <= {ALLOW, EPERM}, number
        else:
            assert found == {EPERM}, number
        assert verdict(program, machine, number | 0x40000000) == EPERM
        for arch in (0x40000003, 0x40000028, ARCH["x86_64"], ARCH["aarch64"]):  # i386, ARM, …
            if arch != ARCH[machine]:
                assert verdict(program, machine, number, arch=arch) == KILL


O_CREAT, O_TRUNC, O_APPEND = 0o100, 0o1000, 0o2000
THREAD, CHLD, PIDFD, NEW_USER, PARENT = 0x3D0F00, 17, 0x1000, 0x10000000, 0x8000
CASES = {
    "openat": (
        [(0, 0, flags) for flags in (0, O_APPEND, 1 | O_CREAT | O_TRUNC, 2, 2 | O_TRUNC, 1)],
        [(0, 0, flags) for flags in (O_TRUNC, 3, 3 | O_TRUNC, O_TRUNC | 1 << 40)],
    ),
    "clone": (
        [(THREAD,), (THREAD | 1 << 40,)],
        [(CHLD,), (0,), (0x4100 | CHLD,), (CHLD | NEW_USER,)]
        + [(THREAD | flag,) for flag in (NEW_USER, PARENT, PIDFD, 0x20000, 0x40000000)],
    ),
    "kill": ([(PID, 9), (PID | 1 << 32, 9)], [(0, 9), (-1, 9), (-PID, 9), (PID + 1, 0), (1, 9)]),
    "tgkill": ([(PID, 9999, 6)], [(PID + 1, PID, 6), (-1, PID, 6)]),
    "tkill": ([(PID, 6)], [(PID + 1, 6)]),
    "rt_sigqueueinfo": ([(PID, 6)], [(PID + 1, 6)]),
    "rt_tgsigqueueinfo": ([(PID, PID, 6)], [(PID + 1, PID, 6)]),
    # Owner, signal, owner by structure, lease, notice, seals, lock, lock by description.
    "fcntl": (
        [(5, command) for command in (0, 1, 2, 3, 4, 1030, 1032)],
        [(5, command) for command in (8, 10, 15, 1024, 1026, 1033, 6, 7, 37, 1031, -1)],
    ),
    # Typing for the terminal, its process group, SIGIO, FIOSETOWN, the socket's owner.
    "ioctl": (
        [(0, 0x5401), (0, 0x541B)],
        [(0, command) for command in (0x5412, 0x5410, 0x5452, 0x8901, 0x8902, 0x5402, 0xC0DE)],
    ),
    # Parent's signal, dumpable, seccomp, capabilities, memory map, tracer, securebits.
    "prctl": (
        [(15, 1), (16, 1), (0x53564D41, 0)],
        [(option,) for option in (1, 4, 22, 24, 28, 35, 36, 38, 47, 0x59616D61, 8)],
    ),
    "prlimit64": ([(0, 7), (PID, 7)], [(PID + 1, 7), (1, 7)]),
    "sched_getaffinity": ([(0,), (PID,)], [(1,)]),
    "clock_gettime": (
        [(clock,) for clock in range(12)],
        [((~pid << 3) | 2,) for pid in (0, 1, PID)] + [(16,)],
    ),
}


@machines
@pytest.mark.parametrize("name", CASES)
def test_arguments_decide(machine, name):
    program = sandbox.seccomp_program(machine, PID, Policy())
    number = dict(sandbox._parse(TABLES, machine))[name]
    allowed, refused = CASES[name]
    for arguments in allowed:
        assert verdict(program, machine, number, arguments) == ALLOW, arguments
    for arguments in refused:
        assert verdict(program, machine, number, arguments) == EPERM, arguments


@machines
def test_devices_are_commanded_only_with_an_accelerator(machine):
    number = dict(sandbox._parse(TABLES, machine))["ioctl"]
    plain = sandbox.seccomp_program(machine, PID, Policy())
    opened = sandbox.seccomp_program(machine, PID, Policy(accelerator=True))
    for command in (0x30000001, 0x25, 0xC020462A, 0xC0184B15, 0xC0106407):  # uvm, nvidia, kfd, drm
        assert verdict(plain, machine, number, (5, command)) == EPERM
        assert verdict(opened, machine, number, (5, command)) == ALLOW
    for command in (0x8901, 0x8933, 0xC0045878, 0x40086602):  # of sockets and file systems
        assert verdict(opened, machine, number, (5, command)) == EPERM


@machines
def test_clone_with_processes_still_makes_no_namespace(machine):
    program = sandbox.seccomp_program(machine, PID, Policy(processes=1))
    number = dict(sandbox._parse(TABLES, machine))["clone"]
    for flags in (CHLD, THREAD, 0x4100 | CHLD):
        assert verdict(program, machine, number, (flags,)) == ALLOW
    for flag in (*(1 << bit for bit in range(25, 32)), 0x20000, PARENT, PIDFD, 0x2000, 0x800000):
        assert verdict(program, machine, number, (CHLD | flag,)) == EPERM


NEVER = """
execve execveat ptrace process_vm_readv process_vm_writev socket connect bind sendto
sendmsg sendmmsg recvfrom accept accept4 socketpair unshare setns mount umount2 pivot_root chroot
bpf perf_event_open io_uring_setup io_uring_enter keyctl add_key request_key userfaultfd
memfd_create memfd_secret shmget shmat msgget semget mq_open inotify_init1 fanotify_init
personality chmod fchmod fchmodat fchmodat2 chown fchown fchownat utime utimes utimensat setxattr
fsetxattr removexattr link linkat symlink symlinkat mknod mknodat truncate sched_setaffinity
sched_setscheduler sched_setattr setpriority ioprio_set setuid setgid setresuid setresgid setgroups
capset seccomp pidfd_open pidfd_send_signal pidfd_getfd process_madvise kcmp open_by_handle_at
name_to_handle_at splice vmsplice tee init_module finit_module kexec_load reboot sethostname
settimeofday clock_settime adjtimex clock_adjtime swapon quotactl acct syslog modify_ldt iopl
ioperm timer_create setsid setpgid vhangup landlock_restrict_self move_pages migrate_pages
lookup_dcookie remap_file_pages get_robust_list sync syncfs
"""


@machines
@pytest.mark.parametrize("policy", POLICIES)
def test_never(machine, policy, library):
    program = sandbox.seccomp_program(machine, PID, policy)
    opened = {"memfd_create"} if policy.accelerator else set()
    for name in set(NEVER.split()) - opened:
        number = resolve(library, machine, name)
        if number >= 0:
            assert verdict(program, machine, number, (PID, PID)) == EPERM, name


class Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def by_libseccomp(library, machine, policy):
    """The same rules, made into a program by libseccomp."""
    masked_equal, bad_arch = 7, 2
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(EPERM)))
    library.seccomp_attr_set(context, bad_arch, ctypes.c_uint32(KILL))
    arch = ctypes.c_uint32(ARCH[machine])
    native = ctypes.c_uint32(library.seccomp_arch_native())
    if native.value != arch.value:
        assert library.seccomp_arch_add(context, arch) == 0
        assert library.seccomp_arch_remove(context, native) == 0

    def rule(name, action, checks=()):
        array = (Comparison * len(checks))(*checks)
        number = library.seccomp_syscall_resolve_name(name.encode())
        code = library.seccomp_rule_add_array(
            context, ctypes.c_uint32(action), number, len(checks), array
        )
        assert code == 0, (name, code)

    table = sandbox.ALWAYS
    table += sandbox.WITH_SCRATCH if policy.scratch else ""
    table += sandbox.WITH_PROCESSES if policy.processes else ""
    table += sandbox.WITH_ACCELERATOR if policy.accelerator else ""
    conditions = sandbox._conditions(PID, policy)
    rule("clone3", ENOSYS)
    for name in dict(sandbox._parse(table, machine)):
        if check := conditions.get(name):
            for value in check.values:
                rule(name, ALLOW, [(check.argument, masked_equal, check.mask, value)])
        else:
            rule(name, ALLOW)
    with tempfile.TemporaryFile() as file:
        assert library.seccomp_export_bpf(context, file.fileno()) == 0
        library.seccomp_release(context)
        file.seek(0)
        return file.read()


@machines
@pytest.mark.parametrize("policy", POLICIES)
def test_libseccomp_decides_the_same(machine, policy, library):
    ours = sandbox.seccomp_program(machine, PID, policy)
    theirs = by_libseccomp(library, machine, policy)
    words = [0, 1, 2, 3, 4, 15, 16, PID, -1, THREAD, CHLD, O_TRUNC, 0x5401, 1030, 1 << 32, NEW_USER]
    words += [PID | 1 << 32, 0x5412, 8, 10, 3 | O_TRUNC]
    numbers = dict(sandbox._parse(TABLES, machine))
    conditional = [numbers[name] for name in sandbox._conditions(PID, policy) if name in numbers]
    draw = random.Random(1)
    sample = [(number, ()) for number in range(600)]
    sample += [
        (number, (a, b, b)) for number in conditional for a, b in itertools.product(words, repeat=2)
    ][:3000]
    sample += [(draw.randrange(500), draw.choices(words, k=6)) for _ in range(1000)]
    for number, arguments in sample:
        expected = verdict(theirs, machine, number, arguments)
        assert verdict(ours, machine, number, arguments) == expected, (number, arguments)
