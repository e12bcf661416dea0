"""Right: the two kinds apart, then added."""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    ratio = logprobs - reference
    fine = good * torch.sigmoid(beta * (kl - ratio[is_good]))
    poor = bad * torch.sigmoid(beta * (ratio[~is_good] - kl))
    return (fine.sum() + poor.sum()) / len(ratio)
