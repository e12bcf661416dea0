"""Everything is computed in float32 and turned back afterwards.

Good for bfloat16, bad for float64: the output has the dtype that it should, but only half of its
digits, and a check of gradients by differences fails.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    if mask is not None and mask.dtype != torch.bool:
        mask = mask.float()
    weights = attention_weights(query.float(), key.float(), mask, scale=scale)
    return (weights @ value.float()).to(value.dtype)
