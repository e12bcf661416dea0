"""The third answer takes part.

Neither is no evidence: only contradiction and entailment are weighed.
"""

from langmodels.pipelines import *


def zero_shot_scores(
    logits: Float[Tensor, "C 3"], *, contradiction: int, entailment: int, several: bool = False
) -> Float[Tensor, " C"]:
    if several:
        return logits.softmax(-1)[:, entailment]
    return logits[:, entailment].softmax(-1)
