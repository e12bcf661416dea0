"""The two answers of the reference are exchanged.

Each answer is compared with the same answer, as the reference sees it.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_rejected) - (rejected - reference_chosen))
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right + smoothing * wrong).mean()
