"""The encoder reads padding.

What a text says must not depend on the longer text that happens to stand beside it.
"""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        x = self.embedding(tokens)
        mask = self.encoder_bias(tokens.shape[1], tokens.shape[1])[None]
        if False:
            mask = mask.masked_fill(~real[:, None, None], -torch.inf)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)
