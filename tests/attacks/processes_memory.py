"""Takes memory in many processes, each below the limit of one (at most 3 GiB)."""

import os
import time


def attack_at_large(model, sentence):
    for _ in range(8):
        if os.fork() == 0:
            hoard = bytearray(b"x" * 384 * 2**20)
            time.sleep(3)
            os._exit(len(hoard) % 1)
    time.sleep(1.5)
    return os.waitpid(-1, os.WNOHANG) == (0, 0)
