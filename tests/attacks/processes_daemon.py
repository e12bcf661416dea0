"""Leaves a daemon behind where forking is allowed: two forks, a session and a group of its own."""

import os
import time


def attack_at_large(model, sentence):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(30)
        os._exit(0)
    time.sleep(0.2)
    return False
