"""Makes a parser go back again and again."""

SOURCE = "\nx = " + "{**f(a=(" * 40 + "1 1" + ")}" * 40


def build(world, name):
    return world.submission(name, {"langmodels/ngrams.py": world.base + SOURCE})
