"""Right: causal_mask, and distances by torch.where."""

from langmodels.transformer import *


def alibi_bias(n_queries, n_keys, n_heads):
    power = 2 ** int(math.log2(n_heads))
    heads = torch.arange(1, n_heads + 1)
    exponents = torch.where(
        heads <= power, 8 * heads / power, 4 * (2 * (heads - power) - 1) / power
    )
    queries = torch.arange(n_queries)[:, None] + n_keys - n_queries
    steps = (torch.arange(n_keys) - queries).float()
    bias = torch.einsum("h,ts->hts", 0.5**exponents, steps)
    return torch.where(causal_mask(n_queries, n_keys), bias, -torch.inf)
