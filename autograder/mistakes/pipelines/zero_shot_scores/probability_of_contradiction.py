"""The probability of contradiction is given.

High scores are for labels that fit.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 0]
    return logits[:, entailment].softmax(-1)
