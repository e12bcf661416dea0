"""The mask is taken and not used.

Nothing complains: the output has the right shape, and a decoder without its mask even learns
faster, since it can read the answer.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    return masked_softmax(query @ key.mT * scale)
