"""Positions are counted over the real tokens only.

A position is where a token stands in its row; what is not real keeps its place and is not seen.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + (
            self.positions.weight[: tokens.shape[1]]
            if real is None
            else self.positions((real.cumsum(1) - 1).clamp(min=0))
        )
        x = self.embedding_norm(x + self.segments(segments))
        mask = None if real is None else real[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
