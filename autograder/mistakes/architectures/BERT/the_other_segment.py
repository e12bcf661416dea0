"""Without segments, all tokens belong to the second text.

The first text is segment 0, and a text by itself is a first one.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.ones_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = None if real is None else real[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
