"""Queries and keys are both multiplied by the scale, so that it counts twice.

To share it between them, each would get the square root of it.

See: attention#why-root
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    return masked_softmax((query * scale) @ (key * scale).mT, mask)
