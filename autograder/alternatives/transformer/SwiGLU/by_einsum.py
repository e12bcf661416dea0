"""Right: both halves at once, as an axis of their own."""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        inner = self.out_proj.in_features
        weight = self.in_proj.weight.reshape(2, inner, x.shape[-1])
        both = torch.einsum("...d,pfd->p...f", x, weight)
        return torch.einsum(
            "...f,df->...d", both[0] * both[0].sigmoid() * both[1], self.out_proj.weight
        )
