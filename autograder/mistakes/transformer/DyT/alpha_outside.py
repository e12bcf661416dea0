"""α multiplies after the tanh.

There it does what the weights do anyway. Inside it says how soon numbers count as large.
"""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        return self.alpha * x.tanh() * self.weight + self.bias
