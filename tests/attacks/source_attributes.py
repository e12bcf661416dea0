"""Has a chain of a hundred thousand attributes, calls and additions."""

SOURCE = "\nx = a" + ".a" * 50_000 + "\ny = 1" + " + 1" * 50_000


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
