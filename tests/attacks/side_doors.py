"""Reaches other processes without a signal: priority, affinity, SIGIO, scheduling."""

import fcntl
import os

from target import OUTSIDE, any_works


def attack(sentences, order):
    reader, _ = os.pipe()
    parent = os.getppid()
    return any_works(
        lambda: os.setpriority(os.PRIO_PROCESS, OUTSIDE, os.getpriority(os.PRIO_PROCESS, OUTSIDE)),
        lambda: os.sched_setaffinity(parent, os.sched_getaffinity(parent)),
        lambda: os.sched_setscheduler(parent, os.SCHED_OTHER, os.sched_param(0)),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, OUTSIDE),
        lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    )
