"""Choosing the next token: the reference beside transformers' logits processors.

make bench                          or, for a shorter run:
PYTHONPATH=solutions python benchmarks/generation.py --pairs 5

One thread; logits of GPT-2's and Llama 3's vocabularies, as peaked as those of a trained model. The
two take turns in one process, and the table shows the ratio of the medians, with the smallest and
the largest ratio of a pair.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from transformers.generation import logits_process

from langmodels.generation import Sampling, next_distribution

VOCABULARIES = {"GPT-2": 50_257, "Llama 3": 128_256}
ROWS, LENGTH = 4, 500  # texts, and the tokens that each of them has
SETTINGS: dict[str, dict[str, Any]] = {
    "top-p": {"top_p": 0.9},
    "top-k": {"top_k": 50},
    "min-p": {"min_p": 0.05},
    "repetition, top-k, top-p": {"repetition": 1.1, "top_k": 50, "top_p": 0.9},
}


def by_transformers(
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    min_p: float = 0.0,
    repetition: float = 1.0,
) -> list[Any]:
    """The processors that `generate` would make of the same settings."""
    steps: list[Any] = [logits_process.TemperatureLogitsWarper(temperature)]
    if repetition != 1:
        steps.insert(0, logits_process.RepetitionPenaltyLogitsProcessor(repetition))
    if top_k is not None:
        steps.append(logits_process.TopKLogitsWarper(top_k))
    if top_p < 1:
        steps.append(logits_process.TopPLogitsWarper(top_p))
    if min_p > 0:
        steps.append(logits_process.MinPLogitsWarper(min_p))
    return steps


def processed(processors: list[Any], text: Tensor, logits: Tensor) -> Tensor:
    """The distribution that they leave, one after the other."""
    for process in processors:
        logits = process(text, logits)
    return logits.softmax(-1)


def seconds(work: Callable[[], Tensor]) -> tuple[float, Tensor]:
    """How long the work kept a core busy, and what came of it."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def main() -> None:
    """Time both against each other, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=21, help="timings of each; default: 21")
    n_pairs = parser.parse_args().pairs
    torch.set_num_threads(1)
    table = Table(title=f"CPU milliseconds for {ROWS} rows, one thread")
    for column in ("", "ours", "transformers", "times as long", "of the pairs"):
        table.add_column(column, justify="left" if not column else "right")
    chance = torch.Generator().manual_seed(0)
    for model, vocabulary in VOCABULARIES.items():
        logits = 4 * torch.randn(ROWS, vocabulary, generator=chance)
        text = torch.randint(vocabulary, (ROWS, LENGTH), generator=chance)
        for name, chosen in SETTINGS.items():
            settings = {"temperature": 0.8} | chosen
            sampling, processors = Sampling(**settings), by_transformers(**settings)
            pairs = []
            for _ in range(n_pairs + 1):
                ours, first = seconds(partial(next_distribution, logits, text, sampling))
                theirs, second = seconds(partial(processed, processors, text, logits))
                if not torch.allclose(first, second, atol=1e-6):
                    raise RuntimeError(f"the two give different distributions: {name}")
                pairs.append((ours, theirs))
            pairs = pairs[1:]  # the first warms up
            medians = [statistics.median(times) for times in zip(*pairs, strict=True)]
            ratios = [theirs / ours for ours, theirs in pairs]
            table.add_row(
                f"{model}, {name}",
                *(f"{1000 * median:.2f}" for median in medians),
                f"{medians[1] / medians[0]:.2f}",
                f"{min(ratios):.2f} … {max(ratios):.2f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
