"""The distance is not squared.

The absolute distance has the same goal, and pulls as hard next to it as far away. The loss is a
square.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin - 1 / (2 * beta)).abs().mean()
