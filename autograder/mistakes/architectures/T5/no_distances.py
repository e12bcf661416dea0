"""The encoder adds no distances.

T5 has no vectors for positions: without the table it reads a bag of words.
"""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        x = self.embedding(tokens)
        mask = torch.zeros(1, 1, tokens.shape[1], tokens.shape[1], dtype=x.dtype)
        if real is not None:
            mask = mask.masked_fill(~real[:, None, None], -torch.inf)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)
