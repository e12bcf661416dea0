"""A merged layer adds its correction again.

The base's weights hold it already. Added a second time it is twice as strong, and costs what
merging was to save.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def forward(self, x):
        return self.base(x) + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
