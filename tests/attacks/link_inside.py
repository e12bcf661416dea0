"""Has links inside its package: to folders above, to itself, to devices, and a pipe."""

import os


def build(world, name):
    world.submission(name, {"langmodels/ngrams.py": world.base})
    folder = world.submissions / name / "langmodels"
    (folder / "up").symlink_to("..")
    (folder / "loop").symlink_to("loop")
    (folder / "solutions").symlink_to(world.root / "solutions")
    (folder / "zero.py").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.py")
    return folder.parent
