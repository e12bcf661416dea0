"""Each query takes the value of its best key, and nothing of the others.

That is a choice and no mixture. It has no gradient for queries and keys, so nothing could learn
where to look: that is why the choice is soft.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    weights = attention_weights(query, key, mask, scale=scale)
    if not weights.shape[-1]:
        return weights @ value
    best = (weights == weights.amax(-1, keepdim=True)) & (weights > 0)
    return best.to(value.dtype) @ value
