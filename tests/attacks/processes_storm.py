"""Forks where forking is allowed, each child again, faster than one can kill (300 at most)."""

import mmap
import os
import time

counter = mmap.mmap(-1, 8)


def attack_at_large(model, sentence):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        made = int.from_bytes(counter[:])
        if made < 300:
            counter[:] = (made + 1).to_bytes(8)
            try:
                os.fork()
            except OSError:
                time.sleep(0.01)
        else:
            time.sleep(0.01)
    os._exit(0)
