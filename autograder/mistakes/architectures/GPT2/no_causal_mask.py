"""Every position sees the whole text.

EncoderLayer hides nothing by itself. Without a mask each position can read off the token that it
is to predict.
"""

from langmodels.architectures import *


class GPT2(GPT2):
    def forward(self, tokens):
        length = tokens.shape[1]
        if length > self.config.max_length:
            raise ValueError(
                f"{length} tokens, but only {self.config.max_length} positions have a vector"
            )
        x = self.embedding(tokens) + self.positions.weight[:length]
        mask = None
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x) @ self.embedding.weight.T
