"""Later keys are not hidden.

Worse, their bias is positive: the further in the future, the more likely. The docstring makes this
a causal mask.
"""

from langmodels.transformer import *


def alibi_bias(n_queries, n_keys, n_heads):
    power = 2 ** (n_heads.bit_length() - 1)
    exponents = [8 * (head + 1) / power for head in range(power)]
    exponents += [4 * (2 * extra + 1) / power for extra in range(n_heads - power)]
    slopes = torch.tensor([2.0 ** (-exponent) for exponent in exponents])
    keys = torch.arange(n_keys)
    distances = keys - keys[n_keys - n_queries :, None]
    return slopes[:, None, None] * distances
