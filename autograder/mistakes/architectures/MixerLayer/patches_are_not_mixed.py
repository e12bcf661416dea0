"""Only the features are mixed.

Then no patch would hear of any other: the first network works along the patches.
"""

from langmodels.architectures import *


class MixerLayer(MixerLayer):
    def forward(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        pass
        out: Tensor = x + self.mlp(self.mlp_norm(x))
        return out
