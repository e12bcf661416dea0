"""Queries and keys are brought to length 1, so that the scores are cosines.

Some models do that, with a scale that is learned. Here the lengths are part of the message:
divided by √K a cosine is next to nothing.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    query, key = (nn.functional.normalize(x, dim=-1) for x in (query, key))
    return masked_softmax(query @ key.mT * scale, mask)
