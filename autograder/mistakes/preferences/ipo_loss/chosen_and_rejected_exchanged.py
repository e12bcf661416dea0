"""The rejected answer is pushed up.

The margin is the chosen answer's log-ratio less that of the rejected one.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (rejected - reference_rejected) - (chosen - reference_chosen)
    return (margin - 1 / (2 * beta)).square().mean()
