"""Nests blocks, lambdas, comprehensions and f-strings as deep as they go."""

SOURCE = "\nx = " + "lambda: " * 20_000 + "1\ny = " + "[" * 150 + "1" + "]" * 150


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
