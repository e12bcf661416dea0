"""Sets LD_PRELOAD, PYTHONSTARTUP and the like for processes to come, and starts itself again."""

import os
import sys

from target import DROP, MARK, any_works

EVIL = f"open({f'{DROP}/{MARK}'!r}, 'w')"


def attack(sentences, order):
    os.environ |= {"LD_PRELOAD": "/tmp/evil.so", "PYTHONINSPECT": "1", "PYTHONPATH": DROP}
    return any_works(lambda: os.execv(sys.executable, [sys.executable, "-c", EVIL]))
