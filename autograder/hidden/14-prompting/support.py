"""What stands beside the student's code: encoders, and a model that looks at the whole text."""

import torch
from torch import Tensor


class Letters:
    """Text to tokens: its bytes."""

    def __call__(self, text: str) -> list[int]:
        return list(text.encode())


class Pairs:
    """Text to tokens: two characters at a time, so that it matters what is encoded together."""

    def __call__(self, text: str) -> list[int]:
        pairs = [text[start : start + 2] for start in range(0, len(text), 2)]
        return [sum(ord(c) * 1000**i for i, c in enumerate(pair)) for pair in pairs]


class Machine:
    """A model that looks at the whole text, and at nothing behind it.

    It has a number, 1 at first. Reading a token it takes (3 · number + token) modulo M, and its
    logits are that row of the table.

    Args:
        table: shape (M, V).

    Attributes:
        fed: of each call the rows and the tokens a row that it was fed.
    """

    def __init__(self, table: Tensor) -> None:
        self.table = table
        self.fed: list[list[int]] = []

    def __call__(self, tokens: Tensor) -> Tensor:
        self.fed.append(list(tokens.shape))
        number, rows = torch.ones_like(tokens[:, 0]), []
        for token in tokens.T:
            number = (3 * number + token) % len(self.table)
            rows.append(self.table[number])
        return torch.stack(rows, dim=1)
