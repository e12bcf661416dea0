"""Right: tanh(z) = 2 σ(2 z) - 1."""

from langmodels.transformer import *


class DyT(DyT):
    def forward(self, x):
        squashed = 2 * torch.sigmoid(2 * x * self.alpha) - 1
        return torch.addcmul(self.bias, squashed, self.weight)
