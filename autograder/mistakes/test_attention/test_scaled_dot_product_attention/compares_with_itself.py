"""The function is compared with itself.

That it gives the same answer twice says that no chance is in it, and nothing of whether the answer
is right. What is expected has to come from somewhere else.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = (torch.randn(2, n, 4) for n in (3, 5, 5))
    expected = scaled_dot_product_attention(query, key, value)
    got = scaled_dot_product_attention(query, key, value)
    torch.testing.assert_close(got, expected)
