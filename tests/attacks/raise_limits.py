"""Raises the limits of its own process, and those of another."""

import os
import resource

from target import OUTSIDE, any_works


def attack(sentences, order):
    free = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    return any_works(
        lambda: resource.setrlimit(resource.RLIMIT_CPU, free),
        lambda: resource.prlimit(os.getpid(), resource.RLIMIT_CPU, free),
        lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (100, 100)),
        lambda: resource.prlimit(OUTSIDE, resource.RLIMIT_CORE, (0, 0)),
    )
