"""Down is zero as well as up.

The gradient of each is multiplied by the other. If both are zero, so are both gradients, and
nothing is ever learned.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        nn.init.zeros_(self.down)
