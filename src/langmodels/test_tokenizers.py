"""Tests of merging: the step that training and encoding are made of.

A test is a function whose name begins with test_. `pytest src/langmodels/test_tokenizers.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as
you like, with whatever pytest offers but files. What comes back is plain data then.
"""

import random

from langmodels.tokenizers import merge


def test_merge() -> None:
    """Fails on every wrong way to merge that you can think of, and on no right one.

    The docstring of `merge` says what is promised, and nothing else may be asked for.
    """
    raise NotImplementedError("test_tokenizers.test_merge")
