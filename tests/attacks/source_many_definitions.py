"""Defines the exercise thousands of times, each time as not written yet."""

STUB = 'def count_ngrams(s, o):\n    raise NotImplementedError("ngrams.count_ngrams")\n'


def build(world, name):
    text = world.base + "\n" + STUB * 10_000
    return world.submission(name, {"langmodels/ngrams.py": text})
