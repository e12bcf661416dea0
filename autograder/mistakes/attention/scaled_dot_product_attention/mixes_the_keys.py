"""The keys are mixed instead of the values.

A key is what a position is found by, a value is what it says. They are made by two matrices so
that they can differ.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    return attention_weights(query, key, mask, scale=scale) @ key
