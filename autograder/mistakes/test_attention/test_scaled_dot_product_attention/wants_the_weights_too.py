"""A return value that was never promised is demanded.

torch.nn.MultiheadAttention gives output and weights. The docstring under test promises the output
alone: tests are written against what is promised, not against another library.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = (torch.randn(2, n, 4) for n in (3, 5, 5))
    output, weights = scaled_dot_product_attention(query, key, value)
    torch.testing.assert_close(output, weights @ value)
