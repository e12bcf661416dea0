"""The mean of all positions is pooled.

BERT was trained to put what is asked for into the first position.
"""

from langmodels.architectures import *


class BERT(BERT):
    def pool(self, hidden: Float[Tensor, "B T D"]) -> Float[Tensor, "B D"]:
        pooled: Tensor = self.pooler(hidden.mean(1)).tanh()
        return pooled
