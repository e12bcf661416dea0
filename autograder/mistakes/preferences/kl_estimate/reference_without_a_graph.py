"""The policy's part of k3 has no gradient.

The estimate looks right, but the loss that contains it no longer pulls the policy back.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs.detach()
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) - ratio
