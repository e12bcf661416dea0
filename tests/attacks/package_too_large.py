"""Hands in twenty modules of a megabyte: more than one message to a box can carry."""


def build(world, name):
    long = "x = 1  # " + "x" * (2**20 - 100)
    files = {f"langmodels/m{number}.py": long for number in range(20)}
    return world.submission(name, {**files, "langmodels/ngrams.py": world.base})
