"""Forks; each child forks again (at most 300 in all)."""

import mmap
import os
import time

counter = mmap.mmap(-1, 300)


def attack(sentences, order):
    here = os.getpid()
    try:
        for place in range(300):
            if not counter[place]:
                counter[place] = 1
                os.fork()
    finally:
        if os.getpid() != here:
            time.sleep(20)
            os._exit(0)
    return True
