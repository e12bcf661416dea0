"""Right: each text without its padding."""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        rows = []
        for number, row in enumerate(tokens):
            seen = torch.ones_like(row, dtype=torch.bool) if real is None else real[number]
            length = int(seen.nonzero().max()) + 1
            bias = self.encoder_bias(length, length).masked_fill(~seen[:length], -torch.inf)
            x = self.embedding(row[None, :length])
            for layer in self.encoder:
                x = layer(x, bias[None])
            x = self.encoder_norm(x)[0]
            rows.append(torch.cat([x, x.new_zeros(len(row) - length, x.shape[1])]))
        return torch.stack(rows)

    def decode(self, written, context, real=None):
        rows, length = [], written.shape[1]
        past = causal_mask(length, length)
        for number, row in enumerate(written):
            read = context[number] if real is None else context[number][real[number]]
            mask = torch.where(past, self.decoder_bias(length, length), -torch.inf)
            x = self.embedding(row[None])
            for layer in self.decoder:
                x = layer(x, mask[None], read[None])
            rows.append(self.decoder_norm(x) / self.config.width**0.5)
        return torch.cat(rows) @ self.embedding.weight.T
