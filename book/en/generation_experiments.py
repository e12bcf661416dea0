"""What the pages of Chapter 11 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it.
"""

import math
import textwrap
from collections.abc import Iterable, Sequence
from functools import cache

import torch
from torch import Tensor
from writer_experiments import END, WORLD, words_of

from langmodels.generation import Model, Sampling, stream

WORDS = WORLD.vocabulary


class Truth:
    """The micro-world's own distribution, as a model: nobody can know better what comes next.

    Only the logits at the last position are worked out, which is where `stream` looks.
    """

    def __call__(self, tokens: Tensor) -> Tensor:
        """The logits are logarithms of probabilities; of what cannot come they are -inf."""
        logits = torch.full((*tokens.shape, len(WORDS)), -math.inf)
        for row, text in enumerate(tokens.tolist()):
            prefix = tuple(WORDS[token] for token in text[1:])  # the first is END
            for word, log_probability in _next_words(prefix):
                logits[row, -1, word] = log_probability
        return logits


@cache
def _next_words(prefix: tuple[str, ...]) -> list[tuple[int, float]]:
    found = WORLD.next_distribution(prefix)
    return [(WORLD.encode([word])[0], math.log(p)) for word, p in found.items()]


def documents(
    model: Model, n: int, sampling: Sampling, seed: int = 0, max_new: int = 120
) -> list[list[int]]:
    """Documents that a model writes, END included where they come to one."""
    chance = torch.Generator().manual_seed(seed)
    return [list(stream(model, [END], max_new, sampling, chance, eos=END)) for _ in range(n)]


def true_log_probability(tokens: Sequence[int]) -> float:
    """Of a document under the grammar that made the micro-world; -inf if it cannot be."""
    return math.fsum(WORLD.score([WORDS[token] for token in tokens]))


def is_possible(tokens: Sequence[int]) -> bool:
    """Whether the grammar could have written it, END or not."""
    return true_log_probability(tokens) > -math.inf


def repeated_share(tokens: Sequence[int], n: int = 4) -> float:
    """The share of windows of n tokens that stand in the text before."""
    windows = [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]
    return 1 - len(set(windows)) / len(windows) if windows else 0.0


def show(tokens: Iterable[int], n: int | None = None) -> None:
    """Print the words, or the first n of them, in lines that fit on a page."""
    tokens = list(tokens)
    words = words_of(tokens[:n]) + (" …" if n is not None and len(tokens) > n else "")
    print(textwrap.fill(words, 70, initial_indent="   ", subsequent_indent="   "))
