"""The loss is -ln σ, as in DPO.

KTO's value function levels off on both sides: answers far below are given up, as people's sense of
a loss is. The logarithm never gives up.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = beta * (logprobs - reference - kl)
    losses = -torch.where(
        is_good, good * functional.logsigmoid(above), bad * functional.logsigmoid(-above)
    )
    return losses.mean()
