"""The smoothing is subtracted and divided out, as in robust DPO.

That is another loss (Chowdhury et al., 2024), which is without bias under wrong labels and may be
negative. Here the two are added.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing) * right - smoothing * wrong).mean() / (1 - 2 * smoothing)
