"""Each block's exponentials are taken against the block's own maximum, and the sums added up.

Terms that were divided by different numbers cannot be added. All have to be brought to the largest
maximum first.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = total = None
    for block in blocks:
        own = block.amax(-1)
        part = (block - own.clamp(min=-1e30)[..., None]).exp().sum(-1)
        largest = own if largest is None else torch.maximum(largest, own)
        total = part if total is None else total + part
    return largest, total
