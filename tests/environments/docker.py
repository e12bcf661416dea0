"""What `docker run` gives a container by default, as an OCI configuration for runc.

Capabilities, namespaces, masked paths and the seccomp profile are those of Docker Engine 29. Left
out: AppArmor, which needs a profile loaded on the host, and a network beyond the loopback
interface. The host's /usr and /etc stand in for an image.
"""

import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

CAPABILITIES = """
CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE
SYS_CHROOT KILL AUDIT_WRITE
"""
MASKED = """
/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats
/proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats
/sys/devices/virtual/powercap /sys/firmware
"""
CPUS = Path("/sys/devices/system/cpu")
READ_ONLY = "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger"

# The seccomp profile: what is not named here fails with EPERM. Calls that need a capability which
# a container has not by default (mount, unshare, bpf, setns, mbind…) are not named.
ALLOWED = """
accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32
clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
clock_nanosleep clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2
dup3 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64
fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat
fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64
fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait
futex_waitv futex_wake futimesat getcpu getcwd getdents getdents64 getegid getegid32 geteuid
geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp getpid
getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit get_robust_list
getrusage getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getuid32
getxattr getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel ioctl
io_destroy io_getevents io_pgetevents io_pgetevents_time64 ioprio_get ioprio_set io_setup io_submit
ipc kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr
link linkat listen listmount listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr
lstat lstat64 madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat
mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open
mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal
msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat
_newselect open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free
pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease
pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recv
recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat rename
renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask
rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo
sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min
sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity
sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop
semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto setfsgid setfsgid32
setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid setpriority setregid
setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit
set_robust_list setsid setsockopt set_thread_area set_tid_address setuid setuid32 setxattr
setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 sigprocmask sigreturn
socketcall socketpair splice stat stat64 statfs statfs64 statmount statx symlink symlinkat sync
sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun
timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime
timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill truncate truncate64 ugetrlimit
umask uname unlink unlinkat uretprobe utime utimensat utimensat_time64 utimes vfork vmsplice wait4
waitid waitpid write writev process_vm_readv process_vm_writev ptrace chroot
"""
MACHINES = {  # names of libseccomp, and what is allowed there only
    "x86_64": (["X86_64", "X86", "X32"], "arch_prctl modify_ldt"),
    "aarch64": (
        ["AARCH64", "ARM"],
        "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls",
    ),
}
# All but the kernel's ciphers (38), virtual machines (40) and what is rare or obsolete.
FAMILIES = [*range(12), *range(13, 19), 21, 22, 24, *range(26, 34), 35, 36, 39, *range(41, 46)]
PERSONALITIES = [0, 8, 0x20000, 0x20008, 0xFFFFFFFF]
NEW_NAMESPACES = 0x7E020000


def configuration(
    rootfs: Path,
    arguments: list[str],
    folder: Path,
    user: int,
    environment: Mapping[str, str],
    binds: Iterable[tuple[Path, bool]],
    landlock: bool = True,
) -> dict[str, Any]:
    """The config.json of a bundle.

    Args:
        rootfs: an empty folder; the host's system folders are laid out in it.
        arguments: the program that is process 1 and its arguments; `folder` is where it starts.
        user: its user and group.
        environment: its variables.
        binds: folders to be seen under the same path, and whether they may be written to.
        landlock: False for Docker before version 23.
    """
    names = [f"CAP_{name}" for name in CAPABILITIES.split()]
    held = names if user == 0 else []
    return {
        "ociVersion": "1.0.2",
        "hostname": "0123456789ab",
        "root": {"path": str(rootfs), "readonly": False},
        "process": {
            "user": {"uid": user, "gid": user},
            "args": arguments,
            "cwd": str(folder),
            "env": [f"{name}={value}" for name, value in environment.items()],
            "noNewPrivileges": False,
            "capabilities": {"bounding": names, "permitted": held, "effective": held},
        },
        "mounts": [*_mounts(), *(_bind(*bind) for bind in [*_system(rootfs), *binds])],
        "linux": {
            "namespaces": [{"type": kind} for kind in _namespaces()],
            "resources": {"devices": list(_devices())},
            "maskedPaths": [*MASKED.split(), *map(str, CPUS.glob("cpu[0-9]*/thermal_throttle"))],
            "readonlyPaths": READ_ONLY.split(),
            "seccomp": _seccomp(landlock),
        },
    }


def _namespaces() -> list[str]:
    # With the older control groups Docker leaves a container in the host's namespace of them.
    unified = Path("/sys/fs/cgroup/cgroup.controllers").exists()
    return ["mount", "network", "uts", "pid", "ipc"] + ["cgroup"] * unified


def _mounts() -> list[dict[str, Any]]:
    safe = "nosuid noexec nodev"
    rows = {
        "/proc": ("proc", safe),
        "/dev": ("tmpfs", "nosuid strictatime mode=755 size=65536k"),
        "/dev/pts": ("devpts", "nosuid noexec newinstance ptmxmode=0666 mode=0620 gid=5"),
        "/sys": ("sysfs", f"{safe} ro"),
        "/sys/fs/cgroup": ("cgroup", f"{safe} ro"),
        "/dev/mqueue": ("mqueue", safe),
        "/dev/shm": ("tmpfs", f"{safe} mode=1777 size=67108864"),
    }
    return [
        {"destination": place, "type": kind, "source": kind, "options": options.split()}
        for place, (kind, options) in rows.items()
    ]


def _bind(path: Path, writable: bool) -> dict[str, Any]:
    options = ["rbind", "rprivate"] + ["ro"] * (not writable)
    return {"destination": str(path), "type": "bind", "source": str(path), "options": options}


def _system(rootfs: Path) -> list[tuple[Path, bool]]:
    """Lay out the folders of a system; those of the host that are to be seen in it."""
    for name, mode in {"tmp": 0o1777, "var/tmp": 0o1777, "root": 0o700, "run": 0o755}.items():
        (rootfs / name).mkdir(parents=True)
        (rootfs / name).chmod(mode)
    found = []
    for name in ("usr", "etc", "bin", "sbin", "lib", "lib64"):
        source = Path("/", name)
        if source.is_symlink():
            (rootfs / name).symlink_to(source.readlink())
        elif source.exists():
            found.append((source, False))
    return found


def _devices() -> Iterable[dict[str, Any]]:
    yield {"allow": False, "access": "rwm"}
    for major, minor in ((1, 5), (1, 3), (1, 9), (1, 8), (5, 0), (5, 1)):
        yield {"allow": True, "type": "c", "major": major, "minor": minor, "access": "rwm"}


def _seccomp(landlock: bool) -> dict[str, Any]:
    architectures, more = MACHINES[platform.machine()]
    names = f"{ALLOWED} {more}"
    if not landlock:
        names = re.sub(r"\blandlock_\w+", "", names)

    def allowed(names: str, *conditions: tuple[int, str]) -> dict[str, Any]:
        rule: dict[str, Any] = {"names": names.split(), "action": "SCMP_ACT_ALLOW"}
        if conditions:
            rule["args"] = [
                {"index": 0, "value": value, "op": f"SCMP_CMP_{operator}"}
                for value, operator in conditions
            ]
        return rule

    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 1,
        "architectures": [f"SCMP_ARCH_{name}" for name in architectures],
        "syscalls": [
            allowed(names),
            *(allowed("socket", (family, "EQ")) for family in FAMILIES),
            *(allowed("personality", (value, "EQ")) for value in PERSONALITIES),
            # Threads and processes, in no new namespace; clone3 cannot be looked into.
            allowed("clone", (NEW_NAMESPACES, "MASKED_EQ")),
            {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
        ],
    }
