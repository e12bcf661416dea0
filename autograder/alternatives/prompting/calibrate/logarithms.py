"""Right: in logarithms, and a softmax of their difference."""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    return (probabilities.log() - prior.log()).softmax(-1)
