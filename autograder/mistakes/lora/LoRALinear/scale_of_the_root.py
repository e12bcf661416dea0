"""α is divided by the root of the rank.

That is another method, rank-stabilised LoRA. It may be the better one for large ranks, but it is
not what is asked for here.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        self.scale = (rank if alpha is None else alpha) / rank**0.5
