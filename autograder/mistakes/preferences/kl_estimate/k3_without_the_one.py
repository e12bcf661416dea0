"""k3 lacks the -1.

Then two policies that agree are 1 apart, not 0, for exp(0) is 1.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return -ratio
    if kind == "k2":
        return ratio.square() / 2
    return ratio.exp() - ratio
