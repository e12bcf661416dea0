"""k3 takes 1 from a number that is nearly 1.

For ℓ = 0.001 the result is 0.0000005, and exp(ℓ) in 32 bits has an error of about 0.0000001. expm1
keeps the digits that a subtraction throws away.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square() / 2
    return ratio.exp() - 1 - ratio
