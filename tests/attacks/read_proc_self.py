"""Gets out through /proc/self: root, cwd, descriptors, environment."""

from pathlib import Path

from target import HOME, ROOT, any_works


def attack(sentences, order):
    here = Path("/proc/self")
    return any_works(
        lambda: (here / f"root{HOME}/canary.txt").read_text(),
        lambda: (here / "cwd/.." / HOME.lstrip("/") / "canary.txt").read_text(),
        lambda: b"COURSE_CANARY" in (here / "environ").read_bytes(),
        lambda: (here / "task/../../1/environ").read_bytes(),
        lambda: any(ROOT in str(link.readlink()) for link in (here / "fd").iterdir()),
    )
