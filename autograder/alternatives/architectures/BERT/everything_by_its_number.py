"""Right: positions by number, a mask of numbers, one row pooled at a time."""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        n_rows, length = tokens.shape
        places = torch.arange(length).repeat(n_rows, 1)
        x = self.positions(places) + self.embedding(tokens)
        x = x + (self.segments.weight[0] if segments is None else self.segments.weight[segments])
        x = self.embedding_norm(x)
        if real is None:
            real = torch.ones(n_rows, length, dtype=torch.bool)
        mask = torch.zeros(n_rows, 1, length, length, dtype=x.dtype)
        mask = mask.masked_fill(~real[:, None, None, :], -torch.inf)
        for layer in self.layers:
            x = layer(x, mask=mask)
        return x

    def pool(self, hidden):
        return torch.stack([torch.tanh(self.pooler(row[0])) for row in hidden])
