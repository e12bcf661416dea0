"""Probabilities come out instead of logits.

Losses and samplers expect logits and take the softmax themselves.
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
        for layer in self.layers:
            x = layer(x, mask)
        logits = self.norm(x) @ self.embedding.weight.T
        return logits.softmax(-1)
