"""k1 is made positive.

The mean of |ℓ| is not KL: the tokens that the reference likes better have to count against the
others.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return ratio.abs()
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) - ratio
