"""Has a pipe in place of its module: who opens it waits for ever."""

import os


def build(world, name):
    folder = world.submissions / name / "langmodels"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "ngrams.py")
    return folder.parent
