"""Entailment is taken to be the last column.

Models order the three answers differently: `entailment` says which column it is.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 1]
    return logits[:, 2].softmax(-1)
