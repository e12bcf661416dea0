"""The base sees x with dropout as well.

Dropout is on what the correction sees, as in LoRA.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        length = (self.base.weight + self.delta()).norm(dim=1).detach()
        x = self.dropout(x)
        y = functional.linear(x, self.base.weight)
        y = y + self.scale * (x @ self.down.T @ self.up.T)
        y = self.magnitude / length * y
        return y if self.base.bias is None else y + self.base.bias
