"""Reads memory, environment, folders and descriptors of the processes around it."""

import os
from pathlib import Path

from target import OUTSIDE, any_works


def attack(sentences, order):
    def look(pid):
        there = Path("/proc", str(pid))
        return any_works(
            lambda: (there / "environ").read_bytes(),
            lambda: (there / "maps").read_bytes(),
            lambda: (there / "mem").open("rb"),
            lambda: list((there / "fd").iterdir()),
            lambda: (there / "cwd").readlink(),
            lambda: list((there / "cwd").iterdir()),
        )

    return any([look(os.getppid()), look(OUTSIDE)])
