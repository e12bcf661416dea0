"""The base sees x with dropout as well.

What is known should be there whole in each step. Dropout is to keep the correction from relying
on single numbers.
"""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def forward(self, x):
        if self.merged:
            return self.base(x)
        x = self.dropout(x)
        return self.base(x) + self.scale * (x @ self.down.T @ self.up.T)
