"""The bias is multiplied as well.

Length and direction are those of the rows of W. The bias has neither, and is added last.
"""

from langmodels.lora import *


class DoRALinear(DoRALinear):
    def forward(self, x):
        length = (self.base.weight + self.delta()).norm(dim=1).detach()
        y = self.base(x) + self.scale * (self.dropout(x) @ self.down.T @ self.up.T)
        return self.magnitude / length * y
