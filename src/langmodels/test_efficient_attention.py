"""Tests of attention in a window: right in the middle is easy, mistakes live at the edges.

A test is a function whose name begins with test_. `pytest
src/langmodels/test_efficient_attention.py` runs all of this file on your own function; graded, it
runs on other people's. Add as many tests as you like, with whatever pytest offers but files.
"""

import torch
from torch.nn.functional import scaled_dot_product_attention as full_attention

from langmodels.efficient_attention import sliding_window_attention


def test_sliding_window_attention() -> None:
    """Fails on every wrong window that you can think of, and on no right one.

    `full_attention` is torch's own, which takes a mask. Look at answers only: what a window saves
    cannot be seen from here.
    """
    raise NotImplementedError("test_efficient_attention.test_sliding_window_attention")
