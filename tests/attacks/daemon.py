"""Leaves a daemon behind: two forks and a session of its own."""

import os
import time
from pathlib import Path

from target import DROP, MARK


def attack(sentences, order):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            end = time.monotonic() + 20
            while time.monotonic() < end:
                time.sleep(0.1)
                Path(DROP, MARK).touch()
        os._exit(0)
    return True
