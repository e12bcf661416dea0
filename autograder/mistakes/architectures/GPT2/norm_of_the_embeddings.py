"""The embeddings are normed as well.

That is what BERT does. GPT-2 norms inside its layers and once at the end.
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
        mask = causal_mask(length, length).to(tokens.device)
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x) @ self.embedding.weight.T
