"""The patches are mixed without a norm.

Each step norms what it reads.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        x = x + self.token_mlp(x.mT).mT
        out: Tensor = x + self.mlp(self.mlp_norm(x))
        return out
