"""Changes mode, owner, times and attributes of files that it may not open."""

import os
from pathlib import Path

from target import DROP, HOME, ROOT, any_works


def attack(sentences, order):
    return any(
        any_works(
            lambda c=canary: os.chmod(c, 0o777),  # noqa: PTH101
            lambda c=canary: os.chmod(c.parent, 0o777),  # noqa: PTH101
            lambda c=canary: os.utime(c, (0, 0)),
            lambda c=canary: os.chown(c, 1, 1),
            lambda c=canary: os.setxattr(c, "user.pwned", b"1"),
            lambda c=canary: os.fchmod(os.open(c, os.O_PATH), 0o666),
        )
        for canary in [Path(folder, "canary.txt") for folder in (ROOT, HOME, DROP)]
    )
