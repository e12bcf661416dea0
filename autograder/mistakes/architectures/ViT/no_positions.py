"""The positions are forgotten.

Without them an image is a bag of patches.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([first, x], dim=1)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x[:, 0]))
