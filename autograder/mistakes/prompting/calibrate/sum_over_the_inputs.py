"""The quotients are normalised over the inputs, not over the labels.

The labels are on the last axis. Along the first one sums what several inputs say of one label.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = probabilities / prior
    return fair / fair.sum(0, keepdim=True)
