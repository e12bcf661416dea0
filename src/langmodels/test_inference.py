"""Tests of quantisation: there is more than one right answer, but every one keeps a promise.

A test is a function whose name begins with test_. `pytest src/langmodels/test_inference.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.inference import quantize_int8


def test_quantize_int8() -> None:
    """Fails on every wrong quantisation that you can think of, and on no right one.

    A number halfway between two codes may go to either.
    """
    raise NotImplementedError("test_inference.test_quantize_int8")
