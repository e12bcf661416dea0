"""Dropout is taken and not used.

On small data sets a correction learns them by heart; dropout is what was asked for against that.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def forward(self, x):
        if self.merged:
            return self.base(x)
        return self.base(x) + self.scale * (x @ self.down.T @ self.up.T)
