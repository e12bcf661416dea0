"""The length is taken without α / R.

The rows are those of W + α/R · B A. Other lengths belong to other rows.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        length = (self.base.weight + self.up @ self.down).norm(dim=1).detach()
        y = functional.linear(x, self.base.weight)
        y = y + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
        y = self.magnitude / length * y
        return y if self.base.bias is None else y + self.base.bias
