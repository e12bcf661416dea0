"""What stands beside your code in these tests: a model that you can check by adding up."""

from typing import Any

import torch
from torch import Tensor, nn

from langmodels.models import DecoderConfig


class Adder:
    """Predicts the last digit of the sum of all tokens that it sees; tokens are digits.

    Like a decoder it asks the cache where its tokens stand, gives it a key and a value for each
    (the digit itself, twice), and looks at what comes back. It computes no attention: it adds up.

    Args:
        window: how many tokens it sees, the newest among them; None: all.
    """

    def __init__(self, window: int | None = None) -> None:
        self.config = DecoderConfig(vocabulary=10, width=2, n_layers=1, n_heads=1, window=window)
        digits = torch.arange(10.0)[:, None].repeat(1, 2)
        self.embedding = nn.Embedding.from_pretrained(digits)

    def __call__(self, tokens: Tensor, cache: Any, counts: Any = None) -> Tensor:
        return self.logits(self.hidden(tokens, cache, counts))

    def hidden(self, tokens: Tensor, cache: Any, counts: Any = None) -> Tensor:
        """The sum so far at each position, of shape (B, T, 2)."""
        _, mask = cache.start(tokens.shape[1], counts)
        digits = self.embedding(tokens)[:, None]
        keys, values = cache.update(0, digits, digits)
        cache.finish()
        both = torch.cat([keys[..., :1], values[..., 1:]], dim=-1)
        seen = torch.ones(1, 1, 1, keys.shape[2]) if mask is None else mask.float()
        return (seen @ both)[:, 0].expand(*tokens.shape, 2)

    def logits(self, hidden: Tensor) -> Tensor:
        """1 for the last digit of the sum, 0 for the nine others."""
        sums = hidden.mean(-1).round().long()
        return nn.functional.one_hot(sums % 10, 10).float()
