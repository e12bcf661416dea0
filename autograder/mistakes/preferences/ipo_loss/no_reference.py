"""The reference is forgotten.

What should reach the goal is how much farther apart the answers are than they were, not how far
they are.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = chosen - rejected
    return (margin - 1 / (2 * beta)).square().mean()
