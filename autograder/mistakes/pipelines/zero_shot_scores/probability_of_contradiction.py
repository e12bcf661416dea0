"""The probability of contradiction is given.

A label fits if its sentence follows from the text; contradicting it is the reverse.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 0]
    return logits[:, entailment].softmax(-1)
