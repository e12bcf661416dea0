"""What mixes the features replaces x.

Both steps have a residual: the second one adds to what the first left.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x):
        x = x + self.token_mlp(self.token_norm(x).mT).mT
        return self.mlp(self.mlp_norm(x))
