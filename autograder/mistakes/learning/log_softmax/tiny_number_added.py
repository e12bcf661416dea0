"""A tiny number is added before the logarithm.

It saves from -inf and makes every improbable token as probable as the tiny number: from there on
the loss no longer falls. With the largest logit taken off there is nothing to be saved from.
"""

from langmodels.learning import *


def log_softmax(logits):
    shifted = logits - logits.amax(-1, keepdim=True)
    return (shifted.softmax(-1) + 1e-12).log()
