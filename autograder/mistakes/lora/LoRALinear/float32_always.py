"""Down and up are float32, whatever the base is.

A base in bfloat16 then fails at the first product, or everything becomes float32 by and by.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        self.down = nn.Parameter(self.down.detach().float())
        self.up = nn.Parameter(self.up.detach().float())

    def forward(self, x):
        if self.merged:
            return self.base(x)
        low = self.dropout(x).float() @ self.down.T @ self.up.T
        return self.base(x) + self.scale * low
