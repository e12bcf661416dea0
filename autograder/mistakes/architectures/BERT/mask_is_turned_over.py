"""True and False are exchanged.

real is True where there is a token, and a mask is True where something may be seen: the same
thing.
"""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = None if real is None else ~real[:, None, None] | real.all(-1)[:, None, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x
