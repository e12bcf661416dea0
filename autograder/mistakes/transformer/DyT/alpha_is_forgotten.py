"""α is not used.

Its gradient stays 0, and the layer squashes at 1 whatever the size of what comes in.
"""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        return (x).tanh() * self.weight + self.bias
