"""Only the length of the answer is checked.

What stands in it, and in which order, is never looked at.
"""

from langmodels.test_tokenizers import *


def test_merge():
    assert len(merge([1, 2, 3, 1, 2], (1, 2), 256)) == 3
    assert len(merge([1, 1, 1], (1, 1), 256)) == 2
    assert len(merge([2, 1], (1, 2), 256)) == 2
    assert len(merge([], (1, 2), 256)) == 0
