"""Margins beyond the goal cost nothing.

That is a hinge. The goal is a goal from both sides; what is driven too far is brought back.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (1 / (2 * beta) - margin).clamp(min=0).square().mean()
