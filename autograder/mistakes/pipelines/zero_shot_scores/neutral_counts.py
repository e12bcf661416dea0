"""The third answer takes part.

Neither is no evidence: only contradiction and entailment are weighed.
"""

from langmodels.pipelines import *


def zero_shot_scores(logits, *, contradiction, entailment, several=False):
    if several:
        return logits.softmax(-1)[:, entailment]
    return logits[:, entailment].softmax(-1)
