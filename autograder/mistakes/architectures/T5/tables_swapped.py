"""The encoder uses the decoder's table.

Each stack has its own. That of the decoder knows no later keys.
"""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        x = self.embedding(tokens)
        mask = self.decoder_bias(tokens.shape[1], tokens.shape[1])[None]
        if real is not None:
            mask = mask.masked_fill(~real[:, None, None], -torch.inf)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)
