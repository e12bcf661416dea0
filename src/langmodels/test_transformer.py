"""Tests of the rotation that tells queries and keys their positions.

A test is a function whose name begins with test_. `pytest src/langmodels/test_transformer.py` runs
all of this file on your own rotation; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.transformer import rotate


def test_rotate() -> None:
    """Fails on every wrong rotation that you can think of, and on no right one.

    The docstring of `rotate` says what becomes of a pair, and which features are one. Cosines and
    sines may be those of any angles, and may be the same for all rows or not.
    """
    raise NotImplementedError("test_transformer.test_rotate")
