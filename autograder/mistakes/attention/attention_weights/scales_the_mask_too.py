"""The mask is added before the scores are scaled, so that it is scaled as well.

For -inf that is no matter. A bias of positions however would count for less in wide heads: scale
first, then add.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    if mask is not None and mask.is_floating_point():
        mask = (
            mask * scale if scale else torch.zeros_like(mask).masked_fill(mask.isinf(), -torch.inf)
        )
    return masked_softmax(query @ key.mT * scale, mask)
