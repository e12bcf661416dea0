"""A tuple is asked for.

The docstring says nothing of tuples, and its example shows a list. Ask only for what is promised.
"""

from langmodels.test_tokenizers import *


def test_merge():
    assert merge([1, 2, 3, 1, 2], (1, 2), 256) == (256, 3, 256)
    assert merge([1, 1, 1], (1, 1), 256) == (256, 1)
