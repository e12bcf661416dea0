"""The reference is forgotten.

Then an answer that is likely anyway, a short one for instance, counts as preferred. What counts is
how far the policy has moved from the reference.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * (chosen - rejected)
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).mean()
