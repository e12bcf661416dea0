"""The encoder does not look ahead.

The text to be read is all there. Only the decoder must not look ahead.
"""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        x = self.embedding(tokens)
        mask = self.encoder_bias(tokens.shape[1], tokens.shape[1])[None]
        mask = mask.masked_fill(~causal_mask(len(tokens[0]), len(tokens[0])), -torch.inf)
        if real is not None:
            mask = mask.masked_fill(~real[:, None, None], -torch.inf)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)
