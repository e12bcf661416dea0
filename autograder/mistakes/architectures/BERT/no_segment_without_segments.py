"""Without segments, no vector is added for them.

By default all tokens belong to segment 0, and that has a vector like the other.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x if segments is None else x + self.segments(segments))
        mask = None if real is None else real[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
