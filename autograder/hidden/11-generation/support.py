"""What stands beside the student's code: a model that looks at the whole text, and errands."""

import importlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor


class Machine:
    """A model that looks at the whole text.

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


class Source:
    """Tokens that come one by one, and are counted."""

    def __init__(self, tokens: Sequence[int]) -> None:
        self.tokens, self.taken = tokens, 0

    def __iter__(self) -> Iterator[int]:
        for token in self.tokens:
            self.taken += 1
            yield token


class Ban:
    """A restriction: no token twice in a row, and the first is none of those that are barred."""

    def __init__(self, barred: Sequence[int]) -> None:
        self.barred = barred

    def __call__(self, logits: Tensor, written: Tensor) -> Tensor:
        gone = [int(written[0, -1])] if written.shape[1] else list(self.barred)
        return logits.index_fill(1, torch.tensor(gone), -torch.inf)


def chance(seed: int) -> torch.Generator:
    """A generator with a seed."""
    return torch.Generator().manual_seed(seed)


def texts(n_texts: int, function: str, *args: Any, **others: Any) -> list[list[int]]:
    """Call a function of langmodels.generation again and again, and write out what it gives."""
    call = getattr(importlib.import_module("langmodels.generation"), function)
    return [list(call(*args, **others)) for _ in range(n_texts)]
