"""Contradiction is taken to be the first column.

Models order the three answers differently: `contradiction` says which column it is.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if several:
        both = logits[:, [0, entailment]]
        return both.softmax(-1)[:, 1]
    return logits[:, entailment].softmax(-1)
