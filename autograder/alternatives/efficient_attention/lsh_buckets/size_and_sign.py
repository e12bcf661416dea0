"""The direction by the largest size, its end by the sign."""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    rotated = torch.einsum("...k,kr->...r", x, rotations)
    n = rotations.shape[-1]
    direction = rotated.abs().max(dim=-1).indices
    product = rotated.gather(-1, direction.unsqueeze(-1)).squeeze(-1)
    return torch.where(product < 0, direction + n, direction)
