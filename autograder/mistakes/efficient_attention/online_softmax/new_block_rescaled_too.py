"""The correction is applied to the sum of old and new terms.

Only what was summed up against the old maximum needs it; the new block's terms are taken against
the new one already.

See: efficient-attention#eq-online
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = total = None
    for block in blocks:
        if largest is None:
            largest = block.amax(-1)
            anchor = largest.masked_fill(largest == -torch.inf, 0.0)
            total = (block - anchor[..., None]).exp().sum(-1)
            continue
        before = largest
        largest = torch.maximum(before, block.amax(-1))
        anchor = largest.masked_fill(largest == -torch.inf, 0.0)
        total = (total + (block - anchor[..., None]).exp().sum(-1)) * (before - anchor).exp()
    return largest, total
