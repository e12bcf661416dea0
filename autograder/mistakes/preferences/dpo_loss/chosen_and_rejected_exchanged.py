"""The rejected answer is pushed up.

The margin is the chosen answer's reward less that of the rejected one.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((rejected - reference_rejected) - (chosen - reference_chosen))
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).mean()
