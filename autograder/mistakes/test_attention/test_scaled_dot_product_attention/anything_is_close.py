"""The tolerance is as wide as the answer.

Outputs of attention are means of the values, so they all are of that size: with a tolerance of
the same size any mean will do.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = (torch.randn(2, n, 4) for n in (3, 5, 5))
    for mask in (None, torch.ones(3, 5, dtype=torch.bool).tril()):
        for scale in (None, 0.3):
            got = scaled_dot_product_attention(query, key, value, mask, scale=scale)
            expected = oracle(query, key, value, mask, scale=scale)
            assert torch.allclose(got, expected, atol=5.0)
