"""Leaves notes for the next box in every place that it may write, and looks for them."""

import os
import tempfile
from pathlib import Path

from target import DROP, HOME, MARK, SCRATCH


def attack(sentences, order):
    places = [DROP, HOME, SCRATCH, "/dev/shm", "/tmp", "/var/tmp", os.getcwd()]  # noqa: PTH109
    places += [tempfile.gettempdir(), str(Path.home())]
    notes = [Path(place, f"{MARK}-note") for place in places]
    for note in notes:
        try:
            if note.exists():
                return True
            note.write_text(str(sentences))
        except OSError as error:
            print(error)
    return False
