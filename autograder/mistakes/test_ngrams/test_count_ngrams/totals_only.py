"""Only the total is checked.

Two mistakes can make up for each other, and a sum does not say what was counted. Compare the whole
table.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    for order in (2, 3):
        counts = count_ngrams([["a", "b", "a", "b"], ["b", "a"]], order)
        assert sum(counts.values()) == (6 - order + 1) + (4 - order + 1)
