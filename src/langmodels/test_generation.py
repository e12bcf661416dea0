"""Tests of top-p: what stays on either side of an edge, and what becomes of it.

A test is a function whose name begins with test_. `pytest src/langmodels/test_generation.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import math

import torch

from langmodels.generation import top_p


def test_top_p() -> None:
    """Fails on every wrong top-p that you can think of, and on no right one.

    Where p is a sum of probabilities to the last digit, or where tokens of equal logits straddle
    the edge, right solutions may differ.
    """
    raise NotImplementedError("test_generation.test_top_p")
