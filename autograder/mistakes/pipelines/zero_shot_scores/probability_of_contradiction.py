"""The probability of contradiction is given.

High scores are for labels that fit.
"""

from langmodels.pipelines import *


def zero_shot_scores(
    logits: Float[Tensor, "C 3"], *, contradiction: int, entailment: int, several: bool = False
) -> Float[Tensor, " C"]:
    if several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 0]
    return logits[:, entailment].softmax(-1)
