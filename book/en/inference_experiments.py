"""What the pages of Chapter 12 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it.
"""

import random
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import torch
from torch import Tensor
from writer_experiments import END, numbers_of, words_of

from langmodels.inference import Cache, Request, prefill
from langmodels.microworld import Document
from langmodels.models import Decoder, DecoderConfig

torch.set_num_threads(1)


# --- Models -----------------------------------------------------------------------------------


class Known(NamedTuple):
    """A model that others trained: its sizes as it was published."""

    name: str
    config: DecoderConfig


# Llama 2: Touvron et al. (2023). Llama 3: Grattafiori et al. (2024), table 3. SmolLM2: Allal et al.
# (2025). Also in the file config.json beside the weights.
SMOLLM2 = Known(
    "SmolLM2 135M",
    DecoderConfig(49_152, 576, n_layers=30, n_heads=9, n_kv_heads=3, inner=1_536),
)
LLAMA2_7B = Known(
    "Llama 2 7B", DecoderConfig(32_000, 4_096, n_layers=32, n_heads=32, inner=11_008, tied=False)
)
LLAMA3_8B = Known(
    "Llama 3 8B",
    DecoderConfig(128_256, 4_096, n_layers=32, n_heads=32, n_kv_heads=8, inner=14_336, tied=False),
)
LLAMA3_70B = Known(
    "Llama 3 70B",
    DecoderConfig(128_256, 8_192, n_layers=80, n_heads=64, n_kv_heads=8, inner=28_672, tied=False),
)


class Accelerator(NamedTuple):
    """What a data sheet promises."""

    name: str
    flops: float  # operations a second on numbers of 16 bits, without sparsity
    bandwidth: float  # bytes a second, from its memory
    memory: float  # bytes


# NVIDIA, H100 Tensor Core GPU data sheet, SXM5.
H100 = Accelerator("H100", flops=989e12, bandwidth=3.35e12, memory=80e9)


def n_parameters(config: DecoderConfig) -> int:
    """The numbers in a model's matrices; norms are left out, being thousands of times smaller."""
    with torch.device("meta"):  # shapes without numbers
        model = Decoder(config)
    return sum(matrix.numel() for matrix in model.parameters() if matrix.ndim == 2)


def five_million() -> Decoder:
    """A decoder of five million random weights, to measure time with."""
    torch.manual_seed(0)
    return Decoder(DecoderConfig(4_096, 256, n_layers=6, n_heads=8, n_kv_heads=2)).eval()


# --- Measuring --------------------------------------------------------------------------------


def milliseconds(work: Callable[[], object], n_times: int = 5) -> float:
    """How long the work keeps the processor busy; of several runs the shortest.

    What else goes on in the machine can only make a run longer.
    """
    times = []
    for _ in range(n_times):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1000 * min(times)


def random_text(n_tokens: int, vocabulary: int = 4_096) -> list[int]:
    """Tokens for a model of which only the speed matters."""
    chance = torch.Generator().manual_seed(n_tokens)
    return torch.randint(vocabulary, (n_tokens,), generator=chance).tolist()


# --- The micro-world --------------------------------------------------------------------------


def is_recalled(kind: str) -> bool:
    """Whether a token repeats something that was said long before, or a fact about it."""
    return kind in {"hero", "speaker", "held", "here"} or kind.endswith(
        (".home", ".job", ".pet", ".colour", ".greeting")
    )


@torch.inference_mode()
def read_on(model: Decoder, document: Document, cache: Cache, n_first: int) -> Tensor:
    """Read a document's first tokens at once and the others one by one.

    Returns:
        the logits for each token after the first `n_first`, shape (tokens, V).
    """
    tokens = numbers_of(document.tokens)
    logits = [prefill(model, [tokens[:n_first]], cache)]
    logits += [model(torch.tensor([[token]]), cache)[:, -1] for token in tokens[n_first:-1]]
    return torch.cat(logits)


@torch.inference_mode()
def write(model: Decoder, beginning: str, n_new: int, cache: Cache, seed: int = 0) -> str:
    """Go on with a text, each token drawn from the model's distribution (Chapter 11)."""
    chance, written = random.Random(seed), []
    logits = prefill(model, [numbers_of(beginning)], cache)
    for _ in range(n_new):
        sums = list(accumulate(logits[0].softmax(-1).tolist()))
        drawn = chance.random() * sums[-1]
        written.append(next(token for token, total in enumerate(sums) if total > drawn))
        if written[-1] == END:
            break
        logits = model(torch.tensor([written[-1:]]), cache)[:, -1]
    return words_of(written)


# --- Many requests ----------------------------------------------------------------------------


class Span(NamedTuple):
    """A request at work: in which row, from which decoding step on, for how many."""

    row: int
    start: int
    n_steps: int


def static_schedule(requests: Sequence[Request], n_rows: int) -> list[Span]:
    """Batches of n_rows requests, each as long as its longest answer.

    The first token of an answer comes from the prefill; each of the others takes a decoding step.
    """
    spans, start = [], 0
    for first in range(0, len(requests), n_rows):
        batch = requests[first : first + n_rows]
        spans += [Span(row, start, request.n_new - 1) for row, request in enumerate(batch)]
        start += max(request.n_new - 1 for request in batch)
    return spans


def continuous_schedule(requests: Sequence[Request], n_rows: int) -> list[Span]:
    """Each request takes the row that is free first."""
    free, spans = [0] * n_rows, []
    for request in requests:
        row = min(range(n_rows), key=lambda number: (free[number], number))
        spans.append(Span(row, free[row], request.n_new - 1))
        free[row] += request.n_new - 1
    return spans
