"""A scale that is given is multiplied with 1/√K.

It takes the place of the usual one. Models that scale in another way, like T5 with 1, rely on
that.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 * (1.0 if scale is None else scale)
    return masked_softmax(query @ key.mT * scale, mask)
