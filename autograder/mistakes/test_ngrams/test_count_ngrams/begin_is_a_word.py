"""The oracle counts the bare <s> too.

An oracle can be wrong. This one pads and counts as libraries do, and never read the docstring: it
fails on every right solution.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    for order in (1, 2, 3):
        padded = ["<s>", "a", "b", "a", "</s>"]
        expected = Counter(zip(*(padded[n:] for n in range(order)), strict=False))
        assert count_ngrams([["a", "b", "a"]], order) == expected
