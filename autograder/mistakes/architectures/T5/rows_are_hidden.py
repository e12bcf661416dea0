"""The padding hides queries instead of keys.

Scores are B × H × T × S with the queries before the keys. It is the keys at padding that nobody
may see.
"""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        x = self.embedding(tokens)
        mask = self.encoder_bias(tokens.shape[1], tokens.shape[1])[None]
        if real is not None:
            mask = mask.masked_fill(~real[:, None, :, None], -1e9)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)
