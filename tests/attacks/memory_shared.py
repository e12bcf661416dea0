"""Leaves shared memory behind, which outlives its process (64 MiB)."""

import ctypes
from multiprocessing import shared_memory

from target import KEY, MARK, any_works


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)

    def system_v(call, *arguments):
        if call(KEY, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "System V")

    return any_works(
        lambda: shared_memory.SharedMemory(MARK, create=True, size=2**26),
        lambda: system_v(libc.shmget, 2**26, 0o1666),
        lambda: system_v(libc.msgget, 0o1666),
        lambda: system_v(libc.semget, 1, 0o1666),
    )
