"""Right: head by head, query by query."""

from langmodels.transformer import *


def alibi_bias(n_queries, n_keys, n_heads):
    power = 1
    while 2 * power <= n_heads:
        power *= 2
    slopes = [2 ** (-8 * h / power) for h in range(1, power + 1)]
    slopes += [2 ** (-8 * h / (2 * power)) for h in range(1, 2 * power, 2)]
    bias = torch.full((n_heads, n_queries, n_keys), -torch.inf)
    for head in range(n_heads):
        for query in range(n_queries):
            place = n_keys - n_queries + query
            bias[head, query, : place + 1] = slopes[head] * torch.arange(-place, 1.0)
    return bias
