"""All rows of the batch are laid end to end, and attend to each other.

Flattened to one long sequence every query sees the keys of all rows. Each row is a text of its
own.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    if mask is not None or query.ndim < 3:
        return attention_weights(query, key, mask, scale=scale) @ value
    q, k, v = (x.flatten(0, -2) for x in (query, key, value))
    mixed = attention_weights(q, k, scale=scale) @ v
    return mixed.reshape(*query.shape[:-1], value.shape[-1])
