"""Tests of a causal convolution: the fast way is right in the middle, and goes round at the ends.

A test is a function whose name begins with test_. `pytest src/langmodels/test_statespace.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.statespace import causal_convolution


def test_causal_convolution() -> None:
    """Fails on every wrong convolution that you can think of, and on no right one.

    Look at answers only: how long a convolution takes cannot be seen from here.
    """
    raise NotImplementedError("test_statespace.test_causal_convolution")
