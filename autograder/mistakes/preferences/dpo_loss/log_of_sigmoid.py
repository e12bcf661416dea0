"""The logarithm is taken of a sigmoid.

σ(-120) is 0 in 32 bits, and its logarithm -inf. logsigmoid is right for numbers of any size.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    right, wrong = margin.sigmoid().log(), (-margin).sigmoid().log()
    return -((1 - smoothing) * right + smoothing * wrong).mean()
