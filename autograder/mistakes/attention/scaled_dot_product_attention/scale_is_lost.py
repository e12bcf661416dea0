"""The scale is not passed on.

Who gives one gets 1/√K all the same, without a word.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    return attention_weights(query, key, mask) @ value
