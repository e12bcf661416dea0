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
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(6)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    # No two axes of one length, so that none can be taken for another.
    for batch, n_queries, n_keys, width, value_width in [((), 2, 3, 4, 5), ((2, 3), 5, 4, 6, 7)]:
        query = normal(*batch, n_queries, width).requires_grad_()
        key = normal(*batch, n_keys, width).requires_grad_()
        value = normal(*batch, n_keys, value_width).requires_grad_()
        bias = normal(n_queries, n_keys)
        seen = bias > -0.5
        seen[:, 0] = True  # each query sees something
        for mask in (None, seen, bias, bias.masked_fill(~seen, -torch.inf)):
            for scale in (None, 0.3):
                got = scaled_dot_product_attention(query, key, value, mask, scale=scale)
                expected = oracle(query, key, value, mask, scale=scale)
                torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)
                # The output is there to be trained through: the way back has to be right as well.
                direction = normal(*expected.shape)
                found, wanted = (
                    torch.autograd.grad((answer * direction).sum(), (query, key, value))
                    for answer in (got, expected)
                )
                torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)
    # END SOLUTION
