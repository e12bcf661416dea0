"""Each block has its maximum and sum, and two such pairs make one."""

import functools

from langmodels.efficient_attention import *


def online_softmax(blocks):
    def alone(block):
        largest = block.max(dim=-1).values
        shifted = torch.where(block > -torch.inf, block - largest.unsqueeze(-1), -torch.inf)
        return largest, shifted.exp().sum(dim=-1)

    def together(one, other):
        largest = torch.maximum(one[0], other[0])
        parts = [
            torch.where(total > 0, total * (top - largest).exp(), torch.zeros_like(total))
            for top, total in (one, other)
        ]
        return largest, parts[0] + parts[1]

    return functools.reduce(together, map(alone, blocks))
