"""The sum of the embeddings is not normed.

BERT norms it before the first layer, since its layers have the norm last.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = x + self.segments(segments)
        mask = None if real is None else real[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
