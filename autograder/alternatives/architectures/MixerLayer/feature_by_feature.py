"""Right: one feature after the other."""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x):
        normed = self.token_norm(x)
        columns = [self.token_mlp(normed[..., d]) for d in range(x.shape[-1])]
        x = x + torch.stack(columns, dim=-1)
        return x + self.mlp(self.mlp_norm(x))
