"""A hinge takes the sigmoid's place.

max(0, 1 - z) stops at a margin of 1. That is SLiC, another loss; DPO's pull fades, but never ends.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    return (1 - margin).clamp(min=0).mean()
