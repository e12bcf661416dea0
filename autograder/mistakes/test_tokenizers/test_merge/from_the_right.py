"""The oracle takes runs from the right.

An oracle can be wrong. The docstring says from left to right, so this one fails on every right
solution.
"""

from langmodels.test_tokenizers import *


def test_merge():
    assert merge([1, 2, 1, 2], (1, 2), 256) == [256, 256]
    assert merge([7, 7, 7], (7, 7), 256) == [7, 256]
