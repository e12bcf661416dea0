"""The margin is divided by β.

A small β allows a long way from the reference. Divided, a small step settles everything.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = ((chosen - reference_chosen) - (rejected - reference_rejected)) / beta
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).mean()
