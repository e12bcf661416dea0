"""Uses functional.linear, and puts the scale between the two matrices."""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        for parameter in base.parameters():
            parameter.requires_grad = False

    def forward(self, x):
        out = self.base(x)
        if not self.merged:
            low = functional.linear(self.dropout(x), self.down)
            out = out + functional.linear(self.scale * low, self.up)
        return out
