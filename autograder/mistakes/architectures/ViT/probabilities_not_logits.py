"""Probabilities come out instead of logits.

The loss expects logits and takes the softmax itself.
"""

from langmodels.architectures import *


class ViT(ViT):
    def forward(self, images):
        x = self.patch_proj(patches(images, self.config.patch))
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([first, x], dim=1) + self.positions
        for layer in self.layers:
            x = layer(x)
        logits = self.head(self.norm(x[:, 0]))
        return logits.softmax(-1)
