"""Right: cross-attention of x with itself, row by row of the batch."""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        rows = []
        for number, row in enumerate(x.split(1)):
            own = (
                mask
                if mask is None or len(mask) == 1 or mask.ndim < 4
                else mask[number : number + 1]
            )
            seen = self.attention_norm(row) if self.norm_first else row
            row = row + self.attention(seen, seen, own)
            if not self.norm_first:
                row = self.attention_norm(row)
            think = self.mlp(self.mlp_norm(row) if self.norm_first else row)
            row = row + think
            rows.append(row if self.norm_first else self.mlp_norm(row))
        return torch.cat(rows)
