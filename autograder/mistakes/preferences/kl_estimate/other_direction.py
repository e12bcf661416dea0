"""The log-ratio has the other sign.

KL(policy ‖ reference) is the mean of ln policy - ln reference over what the policy drew. The other
sign makes k1 its negative, and k3 an estimate of nothing.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = logprobs - reference
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square() / 2
    return torch.expm1(ratio) - ratio
