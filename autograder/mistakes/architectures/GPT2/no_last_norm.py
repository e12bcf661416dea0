"""The last norm is left out.

The layers have the norm first, so that what comes out of the stack was never normed. GPT-2 norms
it once more before the last matrix.
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
        return x @ self.embedding.weight.T
