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
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(7)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    # Lengths that blocks of the window divide, and others; windows from one position to too many.
    for batch, length in [((), 1), ((2,), 6), ((2, 3), 7)]:
        query = normal(*batch, length, 4).requires_grad_()
        key = normal(*batch, length, 4).requires_grad_()
        value = normal(*batch, length, 5).requires_grad_()
        back = torch.arange(length)[:, None] - torch.arange(length)
        for window in range(1, length + 3):
            seen = (back >= 0) & (back < window)
            for scale in (None, 0.0, 0.3):
                got = sliding_window_attention(query, key, value, window, scale=scale)
                expected = full_attention(query, key, value, seen, scale=scale)
                torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)
                direction = normal(*expected.shape)
                found, wanted = (
                    torch.autograd.grad((answer * direction).sum(), (query, key, value))
                    for answer in (got, expected)
                )
                torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)
    # END SOLUTION
