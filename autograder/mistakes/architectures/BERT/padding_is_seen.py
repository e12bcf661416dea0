"""Padding is read as if it were text.

What a text says must not depend on the longer text that happens to stand beside it.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = None
        for layer in self.layers:
            x = layer(x, mask)
        return x
