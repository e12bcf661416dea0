"""Up is random at first.

The layer then computes something else than its base before it has learned anything: all that was
known is disturbed.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        nn.init.normal_(self.up, std=0.02)
