"""Right: each text without its padding, one after the other."""

from langmodels.architectures import *


class BERT(BERT):
    def forward(self, tokens, segments=None, real=None):
        rows = []
        for number, row in enumerate(tokens):
            seen = torch.ones_like(row, dtype=torch.bool) if real is None else real[number]
            kinds = torch.zeros_like(row) if segments is None else segments[number]
            places = seen.nonzero()[:, 0]
            x = self.embedding(row[places]) + self.segments(kinds[places]) + self.positions(places)
            x = self.embedding_norm(x)[None]
            for layer in self.layers:
                x = layer(x)
            whole = x.new_zeros(len(row), x.shape[-1])
            rows.append(whole.index_put((places,), x[0]))
        return torch.stack(rows)
