"""The two cases are exchanged.

several=True is for labels that do not exclude each other.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if not several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 1]
    return logits[:, entailment].softmax(-1)
