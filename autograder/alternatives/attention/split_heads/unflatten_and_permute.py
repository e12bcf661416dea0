"""Right: unflattens the width and puts the axes in order by name of place."""

from langmodels.attention import *


def split_heads(x, n_heads):
    if x.shape[-1] % n_heads:
        raise ValueError(f"a width of {x.shape[-1]} cannot be cut into {n_heads} heads")
    cut = x.unflatten(-1, (n_heads, x.shape[-1] // n_heads))
    front = range(x.ndim - 2)
    return cut.permute(*front, x.ndim - 1, x.ndim - 2, x.ndim).contiguous()
