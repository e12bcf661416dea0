"""The labels never compete.

Where one is right, their scores add up to one.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if True:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 1]
    return logits[:, entailment].softmax(-1)
