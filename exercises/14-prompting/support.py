"""What stands beside your code in these tests: an encoder and a model that fit on a sheet."""

import torch
from torch import Tensor


class Letters:
    """Text to tokens: the place of each letter in the alphabet, a = 1; 0 for all else."""

    def __call__(self, text: str) -> list[int]:
        return [ord(letter) - 96 if "a" <= letter <= "z" else 0 for letter in text]


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


def halves() -> Tensor:
    """Logits: after 1 come 2 and 3 with a half each; after 2 comes 3; after 3 any of the four."""
    shares = [[0.25] * 4, [0.0, 0.0, 0.5, 0.5], [0.0, 0.0, 0.0, 1.0], [0.25] * 4]
    return torch.tensor(shares).log()
