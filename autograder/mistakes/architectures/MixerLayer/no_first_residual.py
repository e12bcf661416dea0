"""What mixes the patches replaces x.

Both steps have a residual: each adds to x what it found.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x):
        x = self.token_mlp(self.token_norm(x).mT).mT
        return x + self.mlp(self.mlp_norm(x))
