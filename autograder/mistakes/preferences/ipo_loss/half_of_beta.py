"""The goal is β / 2.

A small β allows a long way. This goal becomes smaller with it.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin - beta / 2).square().mean()
