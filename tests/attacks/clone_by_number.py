"""Makes processes by the number of the system call: fork, vfork, clone, clone3."""

import ctypes
import os
import platform
import struct

SIGCHLD = 17
CLONE, VFORK, FORK = {"x86_64": (56, 58, 57), "aarch64": (220, 220, 220)}[platform.machine()]


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = struct.pack("8Q", 0, 0, 0, 0, SIGCHLD, 0, 0, 0)
    made = False
    for call in ((FORK,), (CLONE, SIGCHLD, 0, 0, 0, 0), (435, arguments, 64), (56 | 1 << 30, 17)):
        pid = libc.syscall(*call)
        if pid == 0:
            os._exit(0)
        print(pid, ctypes.get_errno())
        made |= pid > 0
    return made
