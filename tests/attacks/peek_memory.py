"""Reads the memory of parent and examiner with process_vm_readv, and attaches to them."""

import ctypes
import os
import platform

from target import OUTSIDE

READV = {"x86_64": 310, "aarch64": 270}[platform.machine()]
PTRACE = {"x86_64": 101, "aarch64": 117}[platform.machine()]
SEIZE, DETACH = 0x4206, 17


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    worked = False
    for pid in (os.getppid(), OUTSIDE):
        buffer = ctypes.create_string_buffer(8)
        with open("/proc/self/maps") as maps:  # noqa: PTH123
            address = int(maps.readline().split("-")[0], 16)
        part = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
        there = (ctypes.c_void_p * 2)(address, 8)
        worked |= libc.syscall(READV, pid, part, 1, there, 1, 0) > 0
        print(os.strerror(ctypes.get_errno()))
        if libc.syscall(PTRACE, SEIZE, pid, 0, 0) == 0:
            worked = True
            libc.syscall(PTRACE, DETACH, pid, 0, 0)
        print(os.strerror(ctypes.get_errno()))
    return worked
