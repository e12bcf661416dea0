"""Gradients are never looked at, and float32 is all that is tried.

Attention is there to be trained through. An output can be right to the last digit and carry
nothing back; and half of the digits of float64 can be lost on the way.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 6)
    for mask in (None, torch.ones(3, 5, dtype=torch.bool).tril()):
        for scale in (None, 0.3):
            got = scaled_dot_product_attention(query, key, value, mask, scale=scale)
            torch.testing.assert_close(got, oracle(query, key, value, mask, scale=scale))
