"""A patch does not see those after it.

An image has no future: all patches are there at once. The class token would see nothing at all.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([first, x], dim=1) + self.positions
        for layer in self.layers:
            x = layer(x, causal_mask(x.shape[1], x.shape[1]))
        return self.head(self.norm(x[:, 0]))
