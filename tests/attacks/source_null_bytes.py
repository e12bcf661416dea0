"""Has null bytes and form feeds in its source."""

SOURCE = "\nx = 1\x00\n\x0c\x1a"


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
