"""β is multiplied onto the loss.

There it is a learning rate. Inside the sigmoid it says how far the policy may go before a pair
counts as settled.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    right, wrong = functional.logsigmoid(margin), functional.logsigmoid(-margin)
    return -beta * ((1 - smoothing) * right + smoothing * wrong).mean()
