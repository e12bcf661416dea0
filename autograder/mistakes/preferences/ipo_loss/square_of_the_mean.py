"""The mean is taken before the square.

Then a pair that is far above the goal makes up for one that is far below. Each pair has the goal
for itself.
"""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = (chosen - reference_chosen) - (rejected - reference_rejected)
    return (margin.mean() - 1 / (2 * beta)).square()
