"""k2 lacks its half.

Near 0 the three estimates agree: exp(ℓ) - 1 - ℓ begins with ℓ²/2. Without the half k2 is twice the
KL.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square()
    return torch.expm1(ratio) - ratio
