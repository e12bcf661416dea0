"""Sets the clock and the name of the machine (to what they are)."""

import ctypes
import socket
import time

from target import any_works


def attack(sentences, order):
    name = socket.gethostname().encode()
    libc = ctypes.CDLL(None, use_errno=True)
    return any_works(
        lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),
        lambda: libc.sethostname(name, len(name)) == 0,
    )
