"""The sum goes over the first axis.

The vocabulary is the last axis, whatever stands in front of it. Over the first one the examples
of a batch compete with each other.
"""

from langmodels.learning import *


def log_softmax(logits):
    shifted = logits - logits.amax(0, keepdim=True)
    return shifted - shifted.exp().sum(0, keepdim=True).log()
