"""Number by number, with Python's normal distribution."""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    from statistics import NormalDist

    quantile = NormalDist().inv_cdf
    half = 2**n_bits // 2
    delta = (1 / (4 * half) + 1 / (4 * half - 2)) / 2

    def side(n):
        return [quantile(0.5 + (0.5 - delta) * i / n) for i in range(n + 1)]

    top = quantile(1 - delta)
    below = [-q / top for q in reversed(side(half - 1)[1:])]
    return torch.tensor(below + [q / top for q in side(half)], dtype=torch.float32)
