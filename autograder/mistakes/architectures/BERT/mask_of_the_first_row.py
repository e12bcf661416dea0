"""All rows get the mask of the first.

Each text of a batch has its own length, so the batch has its axis in the mask.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = None if real is None else real[:1, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
