"""The class token stands at the end and is read there.

It would learn as well; but the positions of trained weights are those of a class token in front.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([x, first], dim=1) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x[:, -1]))
