"""Has whole numbers of a million digits."""

SOURCE = "\nx = 0x" + "f" * 400_000 + "\ny = " + "9" * 400_000


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
