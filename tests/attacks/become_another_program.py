"""Turns into a shell that writes a file: execv, and a program in memory."""

import ctypes
import os

from target import DROP, MARK

COMMAND = ["sh", "-c", f"echo x > {DROP}/{MARK}; exec sleep 30"]


def count_ngrams(sentences, order):
    for path in ("/bin/sh", "/lib64/ld-linux-x86-64.so.2"):
        try:
            os.execv(path, COMMAND if "sh" in path else ["ld", "/bin/sh", *COMMAND[1:]])
        except OSError as error:
            print(error)
    memory = os.memfd_create("x")
    with open("/bin/sh", "rb") as shell:  # noqa: PTH123
        os.write(memory, shell.read())
    ctypes.CDLL(None).fexecve(memory, (ctypes.c_char_p * 2)(b"sh"), (ctypes.c_char_p * 1)())
