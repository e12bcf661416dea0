"""It is divided by the lengths of the base's rows.

The rows that are stretched are those of the sum. Divided by others, their length is not the
magnitude.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        length = self.base.weight.norm(dim=1).detach()
        y = functional.linear(x, self.base.weight)
        y = y + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
        y = self.magnitude / length * y
        return y if self.base.bias is None else y + self.base.bias
