"""Tests of attention: what you would want to know before you build on it.

A test is a function whose name begins with test_. `pytest src/langmodels/test_attention.py` runs
all of this file on your own attention; graded, it runs on other people's. Add as many tests as
you like, with whatever pytest offers but files.
"""

import torch
from torch.nn.functional import scaled_dot_product_attention as oracle

from langmodels.attention import scaled_dot_product_attention


def test_scaled_dot_product_attention() -> None:
    """Fails on every wrong attention that you can think of, and on no right one.

    `oracle` is torch's own attention, which takes the same arguments. Compare with it as far as
    you trust it; a query that may see nothing gets zeros from yours.
    """
    raise NotImplementedError("test_attention.test_scaled_dot_product_attention")
