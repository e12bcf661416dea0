"""Writes one file of a gigabyte, and announces one of a terabyte."""

import os
import tempfile
from pathlib import Path

from target import DROP, HOME, MARK, any_works


def attack(sentences, order):
    def write(folder):
        with Path(folder, f"{MARK}-big").open("wb") as file:
            os.truncate(file.fileno(), 2**40)
            for _ in range(64):
                file.write(b"x" * 2**20)

    places = (DROP, HOME, "/dev/shm", "/tmp", ".")
    return any_works(
        *(lambda p=place: write(p) for place in places),
        lambda: tempfile.TemporaryFile().truncate(2**40),
    )
