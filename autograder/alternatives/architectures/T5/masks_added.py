"""Right: masks of numbers that are added."""

from langmodels.architectures import *


class T5(T5):
    def encode(self, tokens, real=None):
        length = tokens.shape[1]
        mask = self.encoder_bias(length, length).expand(len(tokens), -1, -1, -1)
        if real is not None:
            hidden = torch.zeros(real.shape, dtype=mask.dtype).masked_fill(~real, -torch.inf)
            mask = mask + hidden[:, None, None, :]
        x = self.embedding(tokens)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)

    def decode(self, written, context, real=None):
        length = written.shape[1]
        later = torch.full((length, length), -torch.inf).triu(1)
        bias = self.decoder_bias(length, length)
        mask = (bias + later.to(bias.dtype))[None]
        seen = torch.ones(context.shape[:2], dtype=torch.bool) if real is None else real
        x = self.embedding(written)
        for layer in self.decoder:
            x = layer(x, mask, context, seen[:, None, None, :])
        return (
            nn.functional.linear(self.decoder_norm(x), self.embedding.weight) / len(x[0, 0]) ** 0.5
        )
