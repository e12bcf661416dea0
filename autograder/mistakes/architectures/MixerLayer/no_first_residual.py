"""What mixes the patches replaces x.

Both steps have a residual.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        x = self.token_mlp(self.token_norm(x).mT).mT
        out: Tensor = x + self.mlp(self.mlp_norm(x))
        return out
