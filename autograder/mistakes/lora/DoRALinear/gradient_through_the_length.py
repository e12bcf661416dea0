"""Gradients go through the lengths.

That is the whole derivative, but the paper leaves this part out: it costs memory for a matrix as
large as W and changes little.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        length = (self.base.weight + self.delta()).norm(dim=1)
        y = functional.linear(x, self.base.weight)
        y = y + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
        y = self.magnitude / length * y
        return y if self.base.bias is None else y + self.base.bias
