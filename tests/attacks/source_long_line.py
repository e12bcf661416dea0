"""Is one line of almost a megabyte."""

SOURCE = "\nx = [" + "1," * 400_000 + "]"


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
