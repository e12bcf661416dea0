"""A position sees only what comes before it.

That is a decoder. An encoder hears both sides; it hides padding only.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = causal_mask(tokens.shape[1], tokens.shape[1])
        if real is not None:
            mask = mask & real[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
