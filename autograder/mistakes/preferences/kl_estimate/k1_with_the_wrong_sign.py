"""k1 has the wrong sign.

k1 is ln policy - ln reference, which is -ℓ. With ℓ itself the policy is paid for leaving the
reference.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return ratio
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) - ratio
