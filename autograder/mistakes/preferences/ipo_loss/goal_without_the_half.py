"""The goal is 1 / β.

The paper's goal is 1 / 2β; the policy would go twice as far.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin - 1 / beta).square().mean()
