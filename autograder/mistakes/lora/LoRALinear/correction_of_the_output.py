"""The correction is applied to the base's output.

It stands beside W, not behind it: it is given x. In a row it could not be merged into W + B A.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def forward(self, x):
        if self.merged:
            return self.base(x)
        y = self.base(x)
        wide = (
            y
            if y.shape[-1] == x.shape[-1]
            else functional.pad(y, (0, max(0, x.shape[-1] - y.shape[-1])))[..., : x.shape[-1]]
        )
        return y + self.scale * (self.dropout(wide) @ self.down.T @ self.up.T)
