"""Each token is weighted with its probability.

That is the sum over all tokens of the vocabulary. Tokens that the policy drew come as often as
their probability says, so the weight is in the draw already.
"""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    if kind == "k1":
        return logprobs.exp() * (-ratio)
    if kind == "k2":
        return logprobs.exp() * (ratio.square() / 2)
    return logprobs.exp() * (torch.expm1(ratio) - ratio)
