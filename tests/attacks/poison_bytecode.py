"""Replaces byte code that other processes will load: it only touches the file."""

import glob
import sysconfig
from pathlib import Path

from target import any_works


def attack(sentences, order):
    compiled = glob.glob(sysconfig.get_path("stdlib") + "/__pycache__/json*.pyc")  # noqa: PTH207
    compiled += glob.glob(sysconfig.get_path("stdlib") + "/[jk]*.py")  # noqa: PTH207
    return any(any_works(lambda p=path: Path(p).open("r+b").close()) for path in compiled)
