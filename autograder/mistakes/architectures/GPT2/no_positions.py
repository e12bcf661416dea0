"""The positions are forgotten.

Attention knows no order: without the positions the words of a sentence may stand in any order.
"""

from langmodels.architectures import *


class GPT2(GPT2):
    def forward(self, tokens):
        length = tokens.shape[1]
        if length > self.config.max_length:
            raise ValueError(
                f"{length} tokens, but only {self.config.max_length} positions have a vector"
            )
        x = self.embedding(tokens)
        mask = causal_mask(length, length).to(tokens.device)
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x) @ self.embedding.weight.T
