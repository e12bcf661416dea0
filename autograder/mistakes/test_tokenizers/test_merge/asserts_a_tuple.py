"""The assertion is a tuple, which is always true.

`assert (x == y, "why")` requires nothing: the parentheses make a pair of it. Have a test fail
once, on purpose, before you trust it.
"""

from langmodels.test_tokenizers import *


def test_merge():
    for ids in ([1, 2], [1, 1, 2], [1, 2, 1, 2]):
        assert (merge(ids, (1, 2), 9) == [9], f"wrong for {ids}")  # noqa: F631
