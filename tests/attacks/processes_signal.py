"""Signals and inspects processes that are not its children where forking is allowed."""

import os

from target import OUTSIDE, any_works


def attack_at_large(model, sentence):
    return any_works(
        lambda: os.kill(OUTSIDE, 0),
        lambda: os.kill(os.getppid(), 0),
        lambda: os.kill(-1, 0),
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.waitpid(OUTSIDE, 0),
    )
