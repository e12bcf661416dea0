"""Nothing is calibrated.

The habit stays in the answer: the label that the model likes wins without a reason in the text.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    return probabilities / probabilities.sum(-1, keepdim=True)
