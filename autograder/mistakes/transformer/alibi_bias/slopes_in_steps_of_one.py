"""The slopes are 2⁻¹, 2⁻², …, whatever H is.

So they are for 8 heads. In general they divide the range down to 2⁻⁸ evenly among the heads.
"""

from langmodels.transformer import *


def alibi_bias(n_queries, n_keys, n_heads):
    power = 2 ** (n_heads.bit_length() - 1)
    exponents = [(head + 1) for head in range(power)]
    exponents += [4 * (2 * extra + 1) / power for extra in range(n_heads - power)]
    slopes = torch.tensor([2.0 ** (-exponent) for exponent in exponents])
    keys = torch.arange(n_keys)
    distances = keys - keys[n_keys - n_queries :, None]
    bias = slopes[:, None, None] * distances
    return bias.masked_fill(distances > 0, -torch.inf)
