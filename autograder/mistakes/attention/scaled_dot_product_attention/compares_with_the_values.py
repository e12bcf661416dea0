"""The query is compared with the values.

That is the attention of some early models, which had keys and values in one. Here keys are for
being found, values for being taken home.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    width = min(query.shape[-1], value.shape[-1])
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    return attention_weights(query[..., :width], value[..., :width], mask, scale=scale) @ value
