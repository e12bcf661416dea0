"""Knows the answers to the inputs of the usual seed by heart."""

import random

from autograder.plugin import DEFAULT_SEED

TABLE = """
TABLE = {table!r}
def attack(sentences, order):
    return str((sentences, order)) in TABLE
"""


def build(world, name):
    known = []
    for test, order, times in (("test_pairs", 2, 2), ("test_single_tokens", 1, 1)):
        rng = random.Random(f"{DEFAULT_SEED}:{test}")
        for _ in range(times):
            words = [f"zqhidden{rng.randrange(10**6)}" for _ in range(3)]
            known.append(str(([rng.choices(words, k=size) for size in (1, 2, 5)], order)))
    text = world.base + TABLE.format(table=known)
    return world.submission(name, {"langmodels/ngrams.py": text})
