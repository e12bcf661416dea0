"""What the tests of this chapter draw: numbers, texts with traps, a model that is a table."""

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

torch.set_num_threads(1)  # everything here is small

MARKS = ["<|im_start|>", "<|im_end|>"]
PIECES = [
    "a",
    "no",
    "  ",
    "\n",
    "{input}",
    "{output}",
    "{",
    "}}",
    "%s",
    "\\1",
    "é",
    "漢",
    "user",
    ".",
]


@pytest.fixture
def normal(rng) -> Callable[..., Tensor]:
    """Draws a tensor of the shape that it is given, in float64."""

    def draw(*shape: int) -> Tensor:
        generator = torch.Generator().manual_seed(rng.getrandbits(31))
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return draw


@pytest.fixture
def grid(rng) -> Callable[..., Tensor]:
    """Draws multiples of 1/8 between -1 and 1, in which 32 bits make no error and equals occur."""

    def draw(*shape: int) -> Tensor:
        numbers = [rng.randint(-8, 8) / 8 for _ in range(math.prod(shape))]
        return torch.tensor(numbers, dtype=torch.float32).view(shape)

    return draw


@pytest.fixture
def some_text(rng) -> Callable[..., str]:
    """Draws a text with things in it that somebody might read as more than text."""

    def draw(n_pieces: int = 6, more: Sequence[str] = MARKS) -> str:
        return "".join(rng.choices([*PIECES, *more], k=n_pieces))

    return draw


class Oracle:
    """The model of support.Machine, worked out in Python. `student_model` is it, over there."""

    def __init__(self, student, table: Tensor) -> None:
        self.rows = table.tolist()
        self.student_model = student.support.Machine(table)

    def logprobs(self, prompt: Sequence[int], label: Sequence[int]) -> list[float]:
        """Of each token of the label, after the prompt and those before it."""
        number, found = 1, []
        for token in prompt:
            number = (3 * number + token) % len(self.rows)
        for token in label:
            row = self.rows[number]
            highest = max(row)
            total = math.fsum(math.exp(z - highest) for z in row)
            found.append(row[token] - highest - math.log(total))
            number = (3 * number + token) % len(self.rows)
        return found


@pytest.fixture
def some_oracle(student, normal) -> Callable[..., Oracle]:
    """Makes an Oracle with a vocabulary of this size."""

    def make(vocabulary: int, dtype: torch.dtype = torch.float64) -> Oracle:
        return Oracle(student, (2 * normal(499, vocabulary)).to(dtype))

    return make
