"""The mask is turned over: only the future is seen.

Rows are the queries, columns the keys: a query sees keys that are not later.
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
        mask = causal_mask(length, length).T.to(tokens.device)
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x) @ self.embedding.weight.T
