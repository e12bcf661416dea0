"""Overwrites, truncates, renames and removes what is not its own."""

import os
from pathlib import Path

from target import DROP, HOME, ROOT, any_works

for canary in (Path(folder, "canary.txt") for folder in (ROOT, HOME, DROP)):
    any_works(
        lambda c=canary: c.open("a").write("!"),
        lambda c=canary: os.truncate(c, 3),
        lambda c=canary: c.rename(c.with_name("pwned")),
        lambda c=canary: c.unlink(),
    )


def attack(sentences, order):
    return any_works(lambda: os.ftruncate(os.open(f"{HOME}/pwned", os.O_RDWR), 0))
