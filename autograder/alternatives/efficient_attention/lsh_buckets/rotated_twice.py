"""Multiplies with both ends of every direction at once, in float64."""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    directions = torch.hstack((rotations, rotations.neg())).double()
    return torch.sort(x.double() @ directions, dim=-1, descending=True).indices[..., 0]
