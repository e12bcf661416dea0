"""Right: cuts the width into pieces and stacks them along a new axis before the positions."""

from langmodels.attention import *


def split_heads(x, n_heads):
    if x.shape[-1] % n_heads:
        raise ValueError(f"a width of {x.shape[-1]} cannot be cut into {n_heads} heads")
    return torch.stack(torch.split(x, x.shape[-1] // n_heads, dim=-1), dim=-3)
