"""The largest becomes 1.

A ratio to the winner orders the labels and is no distribution: it does not sum to 1.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = probabilities / prior
    return fair / fair.amax(-1, keepdim=True)
