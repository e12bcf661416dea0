"""Dropout is between down and up.

There are only R numbers there. Dropping one of them drops a whole rank; dropout belongs on the I
numbers of x.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def forward(self, x):
        if self.merged:
            return self.base(x)
        return self.base(x) + self.scale * (self.dropout(x @ self.down.T) @ self.up.T)
