"""The scale is made from the number of keys, not from the width of the head.

A dot product sums over the width, so that is what its size depends on. How many keys there are
matters only to the softmax.

See: attention#why-root
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = max(1, key.shape[-2]) ** -0.5 if scale is None else scale
    return masked_softmax(query @ key.mT * scale, mask)
