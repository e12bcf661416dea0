"""The first patch stands for the class token.

The class token belongs to no patch, so that it can hear all of them alike.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        self.class_token.expand(len(x), 1, -1)
        x = x + self.positions[1:]
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x[:, 0]))
