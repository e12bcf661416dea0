"""The decoder sees later tokens.

It then reads off what it is to write, and has learned nothing when it has to write alone.
"""

from langmodels.architectures import *


class T5(T5):
    def decode(self, written, context, real=None):
        length = written.shape[1]
        x = self.embedding(written)
        causal_mask(length, length).to(written.device)
        mask = self.decoder_bias(length, length)[None]
        context_mask = None if real is None else real[:, None, None]
        for layer in self.decoder:
            x = layer(x, mask, context, context_mask)
        scaled = self.decoder_norm(x) * self.config.width**-0.5
        return scaled @ self.embedding.weight.T
