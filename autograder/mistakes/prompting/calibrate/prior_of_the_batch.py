"""The prior is the mean over the batch.

What the model says of these inputs is what you want to know. Its habit shows where the input says
nothing; and one input alone would always come out even.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = probabilities / probabilities.reshape(-1, len(prior)).mean(0)
    return fair / fair.sum(-1, keepdim=True)
