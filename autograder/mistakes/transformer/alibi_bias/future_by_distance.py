"""Later keys get a penalty instead of being hidden.

A penalty is a preference: a sharp enough score overcomes it, and the model has seen the answer.
"""

from langmodels.transformer import *


def alibi_bias(n_queries, n_keys, n_heads):
    power = 2 ** (n_heads.bit_length() - 1)
    exponents = [8 * (head + 1) / power for head in range(power)]
    exponents += [4 * (2 * extra + 1) / power for extra in range(n_heads - power)]
    slopes = torch.tensor([2.0 ** (-exponent) for exponent in exponents])
    keys = torch.arange(n_keys)
    distances = keys - keys[n_keys - n_queries :, None]
    bias = slopes[:, None, None] * distances
    return -bias.abs()
