"""The logarithm has base two.

exp and the logarithm must have the same base, or the probabilities do not sum to 1. The course
measures the loss in nats.
"""

from langmodels.learning import *


def log_softmax(logits):
    shifted = logits - logits.amax(-1, keepdim=True)
    return shifted - shifted.exp().sum(-1, keepdim=True).log2()
