"""Only the shape of the output is checked.

Almost every wrong attention has the right shape. A test has to look at numbers, or at how they
change.
"""

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 6)
    mask = torch.ones(3, 5, dtype=torch.bool).tril()
    assert scaled_dot_product_attention(query, key, value).shape == (2, 3, 6)
    assert scaled_dot_product_attention(query, key, value, mask, scale=0.5).shape == (2, 3, 6)
