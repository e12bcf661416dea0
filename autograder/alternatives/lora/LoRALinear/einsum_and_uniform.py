"""Draws down from a uniform distribution by hand, and multiplies with einsum."""

from langmodels.lora import *


class LoRALinear(LoRALinear):
    def __init__(self, base, rank, alpha=None, dropout=0.0):
        super().__init__(base, rank, alpha, dropout)
        bound = 1 / sqrt(base.in_features)
        self.down = nn.Parameter(torch.empty_like(self.down).uniform_(-bound, bound))

    def forward(self, x):
        if self.merged:
            return self.base(x)
        low = torch.einsum("...i,ri->...r", self.dropout(x), self.down)
        return self.base(x) + self.scale * torch.einsum("...r,or->...o", low, self.up)
