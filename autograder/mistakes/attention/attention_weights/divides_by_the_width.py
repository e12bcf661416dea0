"""The scores are divided by K instead of √K.

The variance of a dot product grows with K, its typical size with √K. Divided by K, wide heads have
scores near zero, and attend to everything alike.

See: attention#why-root
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = 1 / query.shape[-1] if scale is None else scale
    return masked_softmax(query @ key.mT * scale, mask)
