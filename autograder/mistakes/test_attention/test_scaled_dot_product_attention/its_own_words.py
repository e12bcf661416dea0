"""A word of one solution's error message is demanded.

The docstring promises a ValueError whose message names the shapes. How the sentence is put is its
author's choice, and one who writes "width" and one who writes "size" are both right.
"""

import pytest

from langmodels.test_attention import *


def test_scaled_dot_product_attention():
    query, key, value = torch.randn(3, 4), torch.randn(5, 6), torch.randn(5, 6)
    with pytest.raises(ValueError, match="cannot multiply"):
        scaled_dot_product_attention(query, key, value)
