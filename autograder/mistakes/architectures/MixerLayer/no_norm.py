"""The patches are mixed without a norm.

Each of the two steps norms what it reads, as in a Transformer block.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x):
        x = x + self.token_mlp(x.mT).mT
        return x + self.mlp(self.mlp_norm(x))
