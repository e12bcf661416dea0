"""The weights are scaled instead of the scores.

After the softmax the damage is done: it has already put everything on one key, and now the rows do
not even sum to 1.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    return masked_softmax(query @ key.mT, mask) * scale
