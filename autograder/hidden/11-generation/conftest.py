"""The oracle of this chapter: a model that is a table, and its texts, worked out in Python.

Tables are float64, with so many rows that no two texts are equally probable. Probabilities come
from `math`, sums from `fsum`; what is left between two right answers is rounding.
"""

import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

torch.set_num_threads(1)  # everything here is small

OUT = -math.inf


def normal_numbers(rng, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def probabilities_of(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    weights = [math.exp(z - highest) for z in logits]
    return [weight / math.fsum(weights) for weight in weights]


class Oracle:
    """The model of support.Machine. `student_model` is it, over there."""

    def __init__(self, student, rng, vocabulary: int, n_numbers: int = 499, scale: float = 2.0):
        self.table = scale * normal_numbers(rng, n_numbers, vocabulary)
        self.rows = self.table.tolist()
        self.vocabulary = vocabulary
        self.student_model = student.support.Machine(self.table)

    def logits(self, text: Sequence[int]) -> list[float]:
        """Of the token after the text."""
        number = 1
        for token in text:
            number = (3 * number + token) % len(self.rows)
        return list(self.rows[number])

    def log_probability(self, prompt: Sequence[int], written: Sequence[int]) -> float:
        """Of what was written after the prompt."""
        text, sums = list(prompt), []
        for token in written:
            sums.append(math.log(probabilities_of(self.logits(text))[token]))
            text.append(token)
        return math.fsum(sums)

    def greedy(
        self,
        prompt: Sequence[int],
        max_new: int,
        eos: int | None = None,
        min_new: int = 0,
        barred: Sequence[int] | None = None,
        **penalties: float,
    ) -> list[int]:
        """As `stream` at temperature 0; `barred` stands for support.Ban."""
        written: list[int] = []
        while len(written) < max_new and (not written or written[-1] != eos):
            logits = self.logits([*prompt, *written])
            if eos is not None and len(written) < min_new:
                logits[eos] = OUT
            if barred is not None:
                for token in written[-1:] or barred:
                    logits[token] = OUT
            logits = penalised_row(logits, [*prompt, *written], len(prompt), **penalties)
            written.append(max(range(self.vocabulary), key=logits.__getitem__))
        return written


def penalised_row(
    logits: Sequence[float],
    text: Sequence[int],
    n_prompt: int,
    presence: float = 0.0,
    frequency: float = 0.0,
    repetition: float = 1.0,
) -> list[float]:
    """One row, token by token."""
    found = []
    for token, logit in enumerate(logits):
        if token in text:
            logit = logit / repetition if logit > 0 else logit * repetition
        count = list(text[n_prompt:]).count(token)
        found.append(logit - (presence if count else 0.0) - frequency * count)
    return found


def counts_agree(counts: Sequence[int], probabilities: Sequence[float]) -> bool:
    """Pearson's test: false for less than one in ten million right answers.

    Cells in which less than 5 are due are taken together.
    """
    cells = sorted(
        (sum(counts) * p, n) for n, p in zip(counts, probabilities, strict=True) if p > 0
    )
    if sum(n for _, n in cells) != sum(counts):
        return False  # something impossible came
    while len(cells) > 1 and cells[0][0] < 5:
        (due, n), (next_due, next_n), *others = cells
        cells = sorted([(due + next_due, n + next_n), *others])
    statistic, freedom = sum((n - due) ** 2 / due for due, n in cells), len(cells) - 1
    return statistic < 20 + freedom + 6 * math.sqrt(2 * freedom)


@pytest.fixture
def normal(rng):
    """Draws a tensor of the shape that it is given."""
    return lambda *shape, dtype=torch.float64: normal_numbers(rng, *shape, dtype=dtype)


@pytest.fixture
def penalised():
    """The function penalised_row."""
    return penalised_row


@pytest.fixture
def agree():
    """The function counts_agree."""
    return counts_agree


@pytest.fixture
def some_oracle(student, rng):
    """Makes an Oracle."""

    def make(vocabulary: int, **others: Any) -> Oracle:
        return Oracle(student, rng, vocabulary, **others)

    return make
