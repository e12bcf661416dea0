"""Down is zero and up is random.

The layer begins as its base, so this would learn too. But it is the other way round here:
adapters and their first steps are defined with up at zero.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        nn.init.zeros_(self.down)
        nn.init.kaiming_uniform_(self.up, a=sqrt(5))
