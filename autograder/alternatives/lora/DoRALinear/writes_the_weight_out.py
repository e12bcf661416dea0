"""Writes the turned weight out, as merging would."""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        weight = self.base.weight + self.delta()
        with torch.no_grad():
            length = torch.linalg.vector_norm(weight, dim=1)
        rows = self.magnitude / length
        if not self.training or self.dropout.p == 0:
            return functional.linear(x, rows[:, None] * weight, self.base.bias)
        y = functional.linear(x, self.base.weight) + functional.linear(
            self.dropout(x), self.delta()
        )
        y = rows * y
        return y if self.base.bias is None else y + self.base.bias
