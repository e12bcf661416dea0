"""Right: turns features to the front, cuts them there, and turns the heads back."""

from langmodels.attention import *


def split_heads(x, n_heads):
    if x.shape[-1] % n_heads:
        raise ValueError(f"a width of {x.shape[-1]} cannot be cut into {n_heads} heads")
    per_head = x.shape[-1] // n_heads
    return x.mT.reshape(*x.shape[:-2], n_heads, per_head, x.shape[-2]).mT
