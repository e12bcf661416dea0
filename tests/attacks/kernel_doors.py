"""Tries system calls that reach far into the kernel: bpf, perf, userfaultfd, keys, modules."""

import ctypes
import errno
import os
import platform

NUMBERS = {  # x86-64, aarch64; all with arguments that change nothing
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "kexec_load": (246, 104),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "pidfd_open": (434, 434),
    "kcmp": (312, 272),
    "acct": (163, 89),
    "swapon": (167, 224),
    "quotactl": (179, 60),
    "fanotify_init": (300, 262),
}


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    column = platform.machine() != "x86_64"
    refused = {"EPERM", "ENOSYS", "EACCES"}
    let = {}
    for name, numbers in NUMBERS.items():
        arguments = (os.getppid(), 0) if name == "pidfd_open" else (0, 0)
        if libc.syscall(numbers[column], *arguments, 0, 0, 0) < 0:
            let[name] = errno.errorcode[ctypes.get_errno()]
        else:
            let[name] = "done"
    let = {name: what for name, what in let.items() if what not in refused}
    print(let)
    return bool(let)
