"""The pooled vector has no tanh.

The pooler is a linear layer and a tanh after it; what comes after was trained on numbers between
-1 and 1.
"""

from langmodels.architectures import *


class BERT(BERT):
    def pool(self, hidden: Float[Tensor, "B T D"]) -> Float[Tensor, "B D"]:
        pooled: Tensor = self.pooler(hidden[:, 0])
        return pooled
