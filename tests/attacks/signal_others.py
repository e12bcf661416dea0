"""Signals processes that are not its own: all at once, a group, one by one (0 hurts nobody)."""

import os
import signal

from target import OUTSIDE, any_works


def attack(sentences, order):
    return any_works(
        lambda: os.kill(-1, 0),
        lambda: os.kill(OUTSIDE, 0),
        lambda: os.kill(os.getppid(), 0),
        lambda: os.killpg(os.getpgid(OUTSIDE), 0),
        lambda: signal.pidfd_send_signal(os.pidfd_open(OUTSIDE), 0),
        lambda: os.pidfd_open(os.getppid()),
    )
