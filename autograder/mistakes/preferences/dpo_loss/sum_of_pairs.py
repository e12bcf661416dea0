"""The pairs are added up.

Then the loss and its slope grow with the batch.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).sum()
