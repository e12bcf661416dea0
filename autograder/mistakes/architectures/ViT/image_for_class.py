"""The class token of each image hears the patches of the first.

Images of a batch have nothing to do with each other.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([first, x[:1].expand_as(x)], dim=1) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x[:, 0]))
