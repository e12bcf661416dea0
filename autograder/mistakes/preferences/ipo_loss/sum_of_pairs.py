"""The pairs are added up.

Then the loss and its slope grow with the batch.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin - 1 / (2 * beta)).square().sum()
