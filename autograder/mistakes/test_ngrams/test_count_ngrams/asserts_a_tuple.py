"""The assertion is a tuple, which is always true.

`assert (x == y, "why")` requires nothing: the parentheses make a pair of it. Have a test fail
once, on purpose, before you trust it.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    for order in (1, 2, 3):
        got = count_ngrams([["a", "b", "a"], ["a"]], order)
        right = got == {("a", "b"): 1}
        assert (right, f"wrong for order {order}")  # noqa: F631
