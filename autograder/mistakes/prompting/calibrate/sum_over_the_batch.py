"""The quotients are divided by the sum of the whole batch.

Each input has a distribution of its own, which sums to 1.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = probabilities / prior
    return fair / fair.sum()
