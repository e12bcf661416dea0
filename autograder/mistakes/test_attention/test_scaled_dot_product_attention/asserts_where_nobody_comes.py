"""The assertion stands behind a condition that does not hold.

A test that requires nothing passes. Have a test fail once, on purpose, before you trust it.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = (torch.randn(2, n, 4) for n in (3, 5, 5))
    got = scaled_dot_product_attention(query, key, value)
    for row in range(got.shape[0]):
        if got[row].isnan().any():
            torch.testing.assert_close(got[row], oracle(query, key, value)[row])
