"""The mask hides queries instead of keys.

A mask of attention is B × H × T × T with the queries before the keys. It is the keys at padding
that nobody may see.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = None if real is None else real[:, None, :, None] | ~real.any(-1)[:, None, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
