"""Makes ten thousand files wherever it may."""

import tempfile
from pathlib import Path

from target import DROP, HOME, MARK


def attack(sentences, order):
    made = 0
    for folder in (Path(DROP), Path(HOME), Path("/dev/shm"), Path("/tmp"), Path.cwd()):
        try:
            for number in range(2000):
                (folder / f"{MARK}-{number}").touch()
                made += 1
        except OSError as error:
            print(error)
    try:
        return bool(made or [tempfile.mkstemp(prefix=MARK) for _ in range(9)])
    except OSError:
        return False
