"""Magnitudes are never used.

That is LoRA: direction and length change together.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        y = self.base(x)
        return y + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
