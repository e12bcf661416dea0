"""The margin is multiplied by β, as in DPO.

Then β counts twice. The goal of 1 / 2β is for the log-ratios as they are.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    return (margin - 1 / (2 * beta)).square().mean()
