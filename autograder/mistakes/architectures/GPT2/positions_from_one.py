"""Positions are counted from 1.

The first token stands at position 0; the weights of others were trained so.
"""

from langmodels.architectures import *


class GPT2(GPT2):
    def forward(self, tokens):
        length = tokens.shape[1]
        if length > self.config.max_length:
            raise ValueError(
                f"{length} tokens, but only {self.config.max_length} positions have a vector"
            )
        x = (
            self.embedding(tokens)
            + self.positions.weight[torch.arange(length).add(1) % len(self.positions.weight)]
        )
        mask = causal_mask(length, length).to(tokens.device)
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x) @ self.embedding.weight.T
