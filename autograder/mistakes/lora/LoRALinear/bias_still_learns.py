"""Only the weights of the base are frozen, its bias learns on.

The bias belongs to the base as well. It would change with every adapter, and is in no adapter's
file.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        if self.base.bias is not None:
            self.base.bias.requires_grad_(True)
