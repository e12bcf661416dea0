"""A mask of numbers is turned into a boolean one before it is used.

What such a mask adds to the scores is lost, only what it hides is left. Hand it on as it is.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    if mask is not None and mask.dtype != torch.bool:
        mask = mask > -torch.inf
    return masked_softmax(query @ key.mT * scale, mask)
