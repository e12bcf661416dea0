"""Leaves notes in the kernel: shared memory, message queues, keys, process names."""

import ctypes
import platform

from target import KEY, MARK

ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
USER_SESSION = -5


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    name = MARK.encode()
    found = libc.shmget(KEY, 4096, 0) >= 0
    libc.shmget(KEY, 4096, 0o1666)
    found |= libc.msgget(KEY, 0) >= 0
    libc.msgget(KEY, 0o1666)
    found |= libc.syscall(KEYCTL, 10, USER_SESSION, b"user", name, 0) >= 0
    libc.syscall(ADD_KEY, b"user", name, name, len(name), USER_SESSION)
    queue = libc.mq_open(b"/" + name, 0o102, 0o666, None)
    libc.mq_unlink(b"/" + name)
    return bool(found or queue >= 0)
