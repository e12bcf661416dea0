"""Right: the axes are exchanged by name, back and forth."""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x):
        columns = self.token_norm(x).transpose(1, 2)
        x = x + self.token_mlp(columns).transpose(1, 2)
        return self.mlp(self.mlp_norm(x)) + x
