"""The selective scan beside those of transformers and mambapy, forward and there and back.

make bench                          or, for a shorter run:
PYTHONPATH=solutions python benchmarks/mamba.py --turns 3

One thread, one process, float32; all take turns, and each is compared with ours, turn by turn.
transformers runs what it runs where no kernel is installed, mambapy its parallel scan.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from mambapy.mamba import MambaBlock, MambaConfig
from rich.console import Console
from rich.table import Table
from torch import Tensor
from transformers.models.mamba.modeling_mamba import mamba_selective_scan
from transformers.utils import logging

from langmodels.mamba import chunked_selective_scan

LENGTH, STATE = 1024, 16
TOLERANCE = 1e-4  # relative to the largest output

Scan = Callable[..., Tensor]


def some_inputs(batch: int, channels: int, trained: bool) -> list[Tensor]:
    """x, Δ, A, B, C."""
    torch.manual_seed(0)
    inputs = [
        torch.randn(batch, LENGTH, channels),
        0.1 * torch.rand(batch, LENGTH, channels),
        -torch.arange(1.0, STATE + 1).repeat(channels, 1),
        torch.randn(batch, LENGTH, STATE),
        torch.randn(batch, LENGTH, STATE),
    ]
    return [tensor.requires_grad_(trained) for tensor in inputs]


def ours(*inputs: Tensor) -> Tensor:
    """In chunks."""
    return chunked_selective_scan(*inputs)[0]


def of_transformers(x: Tensor, step: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """The loop over tokens that stands in for the kernel."""
    y: Tensor = mamba_selective_scan(x.mT, step.mT, a, b.mT, c.mT, D=None, delta_softplus=False)
    return y.mT


def of_mambapy(x: Tensor, step: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """The parallel scan; what goes past the state is zero."""
    block = MambaBlock(MambaConfig(d_model=x.shape[2] // 2, n_layers=1, d_state=STATE))
    y: Tensor = block.selective_scan(x, step, a, b, c, torch.zeros(x.shape[2]))
    return y


def seconds(scan: Scan, inputs: list[Tensor], trained: bool) -> tuple[float, Tensor]:
    """How long a scan, and its way back if `trained`, kept a core busy, and what it gave."""
    started = time.process_time()
    with torch.set_grad_enabled(trained):
        y = scan(*inputs)
        if trained:
            torch.autograd.grad(y.sum(), inputs)
    return time.process_time() - started, y.detach()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7, help="how often each runs")
    turns = parser.parse_args().turns
    torch.set_num_threads(1)
    logging.set_verbosity_error()
    table = Table("", "ours, ms", "transformers", "mambapy", title=f"T = {LENGTH}, N = {STATE}")
    ways: dict[str, Scan] = {
        "ours": ours,
        "transformers": of_transformers,
        "mambapy": of_mambapy,
    }
    for batch, channels in ((1, 128), (2, 256)):
        for trained in (False, True):
            inputs = some_inputs(batch, channels, trained)
            times: dict[str, list[float]] = {name: [] for name in ways}
            for number in range(turns + 1):  # the first turn warms up
                answers = {}
                for name, scan in ways.items():
                    spent, answers[name] = seconds(scan, inputs, trained)
                    if number:
                        times[name].append(spent)
                for name, answer in answers.items():
                    gap = (answer - answers["ours"]).abs().max() / answers["ours"].abs().max()
                    if gap > TOLERANCE:
                        raise RuntimeError(f"{name} gives another answer")
            cells = [f"{1000 * statistics.median(times['ours']):.1f}"]
            for name in ("transformers", "mambapy"):
                ratios = [b / a for a, b in zip(times["ours"], times[name], strict=True)]
                middle = statistics.median(ratios)
                cells.append(f"{middle:.2f} × ({min(ratios):.2f} … {max(ratios):.2f})")
            way = "there and back" if trained else "forward"
            table.add_row(f"{batch} × {channels} channels, {way}", *cells)
    Console().print(table)


if __name__ == "__main__":
    main()
