"""Nests parentheses until the parser gives up."""

SOURCE = "\nx = " + "(" * 50_000 + ")" * 50_000


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
