"""Tests of counting: the first thing that every model of this chapter builds on.

A test is a function whose name begins with test_. `pytest src/langmodels/test_ngrams.py` runs all
of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files. What comes back is plain data then: a Counter is a
dict.
"""

import random
from collections import Counter
from copy import deepcopy

from langmodels.ngrams import count_ngrams


def test_count_ngrams() -> None:
    """Fails on every wrong way to count that you can think of, and on no right one.

    Lists of sentences may be as small as you like; the docstring of `count_ngrams` says what is
    promised, and nothing else may be asked for.
    """
    raise NotImplementedError("test_ngrams.test_count_ngrams")
