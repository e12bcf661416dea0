"""Right: variance and mean from torch.var_mean, with correction=0."""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        variance, mean = torch.var_mean(at_least_float32(x), -1, correction=0, keepdim=True)
        out = (x - mean) / torch.sqrt(variance + self.eps)
        out = (
            out * self.weight
            if self.bias is None
            else torch.addcmul(self.bias.to(out), out, self.weight.to(out))
        )
        return out.to(x.dtype)
