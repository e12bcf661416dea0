"""k3 adds the log-ratio.

exp(ℓ) - 1 is without bias for 0; subtracting ℓ, whose mean is -KL, makes it KL. Adding ℓ makes it
-KL, and it may be negative.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) + ratio
