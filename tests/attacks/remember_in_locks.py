"""Looks for locks that another box holds on a file that all can read."""

import fcntl
import os
import threading

from target import any_works


def attack(sentences, order):
    descriptor = os.open(os.__file__, os.O_RDONLY)
    works = any_works(
        lambda: fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB),
        lambda: fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    )
    threading.Event().wait(0.01)
    return works
