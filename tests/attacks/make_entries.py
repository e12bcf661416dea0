"""Makes files, folders, links, pipes and devices wherever it can."""

import os
import stat
from pathlib import Path

from target import DROP, HOME, MARK, REPOSITORY, ROOT, any_works

PLACES = (DROP, HOME, ROOT, REPOSITORY, "/tmp", "/var/tmp", "/dev/shm", "/", "/run", ".")


def attack(sentences, order):
    return any(
        any_works(
            lambda p=place: (p / MARK).write_text("x"),
            lambda p=place: (p / f"{MARK}-folder").mkdir(),
            lambda p=place: (p / f"{MARK}-link").symlink_to("/etc/passwd"),
            lambda p=place: (p / f"{MARK}-hard").hardlink_to(f"{HOME}/canary.txt"),
            lambda p=place: os.mkfifo(p / f"{MARK}-pipe"),
            lambda p=place: os.mknod(p / f"{MARK}-null", stat.S_IFCHR | 0o666, os.makedev(1, 3)),
        )
        for place in map(Path, PLACES)
    )
