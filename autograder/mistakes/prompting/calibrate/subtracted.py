"""The prior is subtracted.

Probabilities are compared by their ratio: 0.02 beside a habit of 0.01 says more than 0.52 beside
0.5. Differences can be negative as well.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = (probabilities - prior).clamp(min=0)
    return fair / fair.sum(-1, keepdim=True)
