"""Probabilities of each label go through a second softmax.

The logits of entailment are what is compared, not their probabilities.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 1]
    return logits.softmax(-1)[:, entailment].softmax(-1)
