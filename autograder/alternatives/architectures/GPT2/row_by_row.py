"""Right: one text at a time."""

from langmodels.architectures import *


class GPT2(GPT2):
    def forward(self, tokens):
        length = tokens.shape[1]
        if length > len(self.positions.weight):
            raise ValueError("too long")
        mask = torch.ones(1, 1, length, length, dtype=torch.bool).tril()
        rows = []
        for row in tokens:
            x = torch.stack([self.embedding.weight[t] for t in row.tolist()])
            x = (x + self.positions(torch.arange(length)))[None]
            for layer in self.layers:
                x = layer(x, mask)
            rows.append(torch.einsum("btd,vd->btv", self.norm(x), self.embedding.weight))
        return torch.cat(rows)
