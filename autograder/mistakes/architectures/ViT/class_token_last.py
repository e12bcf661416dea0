"""The class token stands at the end.

Position 0 is that of the class token, and the first position is what is read.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([x, first], dim=1) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x[:, 0]))
