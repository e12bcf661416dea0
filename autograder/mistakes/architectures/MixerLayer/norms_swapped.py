"""The two norms are exchanged.

token_norm belongs to the patches, mlp_norm to the features. Their shapes are equal, so nothing
complains.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        x = x + self.token_mlp(self.mlp_norm(x).mT).mT
        out: Tensor = x + self.mlp(self.token_norm(x))
        return out
