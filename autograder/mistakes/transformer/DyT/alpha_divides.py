"""x is divided by α.

α = 1/2 then squashes twice as early, when it should be twice as late, and α = 0 gives nan.
"""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        return (x / self.alpha).tanh() * self.weight + self.bias
