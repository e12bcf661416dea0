"""The bias is added before the tanh.

Then it moves where the curve bends, and large numbers still end at the weight. It belongs after
the tanh.
"""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        return (self.alpha * x + self.bias).tanh() * self.weight
