"""The features are mixed before the patches.

The patches come first, as attention does in the other layers.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x):
        x = x + self.mlp(self.mlp_norm(x))
        return x + self.token_mlp(self.token_norm(x).mT).mT
