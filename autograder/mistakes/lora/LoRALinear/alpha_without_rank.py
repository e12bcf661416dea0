"""The correction is multiplied by α, not by α / R.

With the rank the product grows, since it is a sum of R terms. Divided by R, another rank needs no
other learning rate.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        self.scale = 1.0 if alpha is None else alpha
