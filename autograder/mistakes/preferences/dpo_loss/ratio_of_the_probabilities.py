"""Probabilities are compared, not their logarithms.

The probability of a whole answer is far too small for floating point, and the reward is the
logarithm of a ratio.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen).exp() - (rejected - reference_rejected).exp())
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).mean()
