"""A sigmoid takes the place of the tanh.

It lies between 0 and 1: 0 does not stay 0, and no sign is left.
"""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        return (self.alpha * x).sigmoid() * self.weight + self.bias
