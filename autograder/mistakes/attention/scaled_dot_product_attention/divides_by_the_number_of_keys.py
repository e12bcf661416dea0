"""The mixture is divided by the number of keys.

The weights of a query sum to 1 already, so their sum of values is a mean.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    return attention_weights(query, key, mask, scale=scale) @ value / max(1, key.shape[-2])
