"""Has a module of a gigabyte, most of it a hole."""

import os


def build(world, name):
    path = world.submission(name, {"langmodels/ngrams.py": world.base})
    os.truncate(path / "langmodels" / "ngrams.py", 2**30)
    return path
