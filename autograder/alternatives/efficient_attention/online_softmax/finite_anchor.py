"""Subtracts the smallest finite number where nothing was seen yet."""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    smallest = largest = total = None
    for block in blocks:
        if largest is None:
            smallest = torch.finfo(block.dtype).min
            largest = torch.full(block.shape[:-1], -torch.inf, dtype=block.dtype)
            total = torch.zeros(block.shape[:-1], dtype=block.dtype)
        new = torch.stack([largest, torch.max(block, dim=-1)[0]]).amax(0)
        anchor = new.clamp(min=smallest)
        total = total.mul(torch.exp(largest - anchor))
        total = total + torch.einsum("...c->...", torch.exp(block - anchor.unsqueeze(-1)))
        largest = new
    return largest, total
