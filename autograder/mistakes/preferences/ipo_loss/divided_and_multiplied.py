"""The goal is β over 2, read from left to right.

1 / 2 * beta is a half, times β. The product belongs in brackets.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin - 1 / 2 * beta).square().mean()
