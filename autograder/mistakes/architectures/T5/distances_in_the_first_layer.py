"""Distances are added in the first layer only.

The table stands in the first layer of the files, but all layers of a stack use it.
"""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        x = self.embedding(tokens)
        mask = self.encoder_bias(tokens.shape[1], tokens.shape[1])[None]
        if real is not None:
            mask = mask.masked_fill(~real[:, None, None], -torch.inf)
        for layer in self.encoder:
            x = layer(x, mask)
            mask = torch.where(mask.isinf(), mask, 0.0)
        return self.encoder_norm(x)
