"""The weights multiply inside the tanh.

Then no feature can leave the range from -1 to 1. Inside stands α, one number for all features.
"""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        return (self.alpha * self.weight * x).tanh() + self.bias
