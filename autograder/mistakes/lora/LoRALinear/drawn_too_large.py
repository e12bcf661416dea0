"""Down is drawn from a standard normal distribution.

A sum of I such products is larger by the root of I. The first steps then depend on how wide the
layer is.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        nn.init.normal_(self.down)
