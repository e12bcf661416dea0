"""The prior is divided by the probabilities.

Then the label that the model finds least probable wins.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = prior / probabilities.clamp(min=1e-30)
    return fair / fair.sum(-1, keepdim=True)
