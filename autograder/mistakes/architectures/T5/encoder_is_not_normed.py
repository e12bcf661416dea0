"""What the encoder gives is not normed.

Layers with the norm first leave the last sum as it is; encoder_norm comes after them.
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
        return x
