"""The base is not frozen.

Then the optimiser keeps moments for every weight of W, and nothing is saved; what was known is
overwritten too.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        self.base.requires_grad_(True)
