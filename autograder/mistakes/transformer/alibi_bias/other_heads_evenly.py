"""For other H the formula for powers of two is used as it is.

The paper's code does it in another way, and so do the models that were trained with it: slopes of
P heads, then every other one of 2 P.
"""

from langmodels.transformer import *


def alibi_bias(n_queries, n_keys, n_heads):
    slopes = torch.tensor([2.0 ** (-8 * (head + 1) / n_heads) for head in range(n_heads)])
    keys = torch.arange(n_keys)
    distances = keys - keys[n_keys - n_queries :, None]
    return (slopes[:, None, None] * distances).masked_fill(distances > 0, -torch.inf)
