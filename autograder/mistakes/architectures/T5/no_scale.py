"""The last vectors are not divided by √D.

The embedding is shared, and its rows are large; T5 scales what meets it.
"""

from langmodels.architectures import *


class T5(T5):
    def decode(self, written, context, real=None):
        length = written.shape[1]
        x = self.embedding(written)
        past = causal_mask(length, length).to(written.device)
        mask = self.decoder_bias(length, length).masked_fill(~past, -torch.inf)[None]
        context_mask = None if real is None else real[:, None, None]
        for layer in self.decoder:
            x = layer(x, mask, context, context_mask)
        scaled = self.decoder_norm(x)
        return scaled @ self.embedding.weight.T
