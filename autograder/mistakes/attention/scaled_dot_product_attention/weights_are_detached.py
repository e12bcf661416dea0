"""The weights are cut off from the gradient.

The output is right, but queries and keys never learn: only the values do. A detach() or no_grad()
is for what is looked at, not for what is trained.
"""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    return attention_weights(query, key, mask, scale=scale).detach() @ value
