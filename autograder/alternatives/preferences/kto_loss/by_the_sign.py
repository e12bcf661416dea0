"""Right: one sigmoid with a sign, and a weight for each."""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    sign = is_good.to(logprobs.dtype) * 2 - 1
    weight = torch.where(is_good, good, bad).to(logprobs.dtype)
    return (weight * (1 - torch.sigmoid(sign * beta * (logprobs - reference - kl)))).mean()
