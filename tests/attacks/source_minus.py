"""Has a hundred thousand minus signs in a row: a tree too deep to walk."""

SOURCE = "\nx = " + "-" * 100_000 + "1"


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
