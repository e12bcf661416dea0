"""The softmax is over the pair of columns, and then over the labels.

Where one label is right, only the column of entailment matters.
"""

from langmodels.pipelines import *


def zero_shot_scores(
    logits: Float[Tensor, "C 3"], *, contradiction: int, entailment: int, several: bool = False
) -> Float[Tensor, " C"]:
    if several:
        both = logits[:, [contradiction, entailment]]
        return both.softmax(-1)[:, 1]
    return logits[:, [contradiction, entailment]].softmax(-1)[:, 1].softmax(-1)
