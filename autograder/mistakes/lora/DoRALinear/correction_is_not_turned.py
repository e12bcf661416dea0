"""Only the base's part is stretched.

The magnitude is for the rows of the sum. The correction belongs to what is stretched.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        length = (self.base.weight + self.delta()).norm(dim=1).detach()
        y = self.magnitude / length * functional.linear(x, self.base.weight)
        y = y + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
        return y if self.base.bias is None else y + self.base.bias
