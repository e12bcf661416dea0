"""The heads come first, before the batch.

Stacking the pieces along a new first axis gives (H, B, T, K). Masks and weights have the batch in
front.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    return torch.stack(x.chunk(n_heads, dim=-1)) if x.ndim else x
