"""What stands beside your code in these tests: models that fit on a sheet of paper."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor


class Table:
    """A model that looks at the last token only: its logits are that token's row of a table.

    Args:
        logits: shape (V, V).

    Attributes:
        fed: of each call the rows and the tokens a row that it was fed.
    """

    def __init__(self, logits: Tensor) -> None:
        self.logits = logits
        self.fed: list[list[int]] = []

    def __call__(self, tokens: Tensor) -> Tensor:
        self.fed.append(list(tokens.shape))
        return self.logits[tokens]


class Source:
    """Tokens that come one by one, and are counted."""

    def __init__(self, tokens: Sequence[int]) -> None:
        self.tokens, self.taken = tokens, 0

    def __iter__(self) -> Iterator[int]:
        for token in self.tokens:
            self.taken += 1
            yield token


def chance(seed: int) -> torch.Generator:
    """A generator with a seed."""
    return torch.Generator().manual_seed(seed)
