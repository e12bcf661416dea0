"""Leaves code in the Python installation, for the next one who starts it."""

import sysconfig
from pathlib import Path

import numpy
from target import MARK, any_works

import autograder


def attack(sentences, order):
    places = [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")]
    places += [Path(numpy.__file__).parent, Path(autograder.__file__ or "x").parent]
    return any(
        any_works(lambda p=place: Path(p, f"{MARK}.pth").write_text("import os"))
        for place in places
    )
