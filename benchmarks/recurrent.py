"""The recurrent layers beside torch's fused ones, with the same weights, there and back.

make bench                          or, for a shorter run:
PYTHONPATH=solutions python benchmarks/recurrent.py --turns 3

One thread, one process, float32; both take turns, and theirs is compared with ours, turn by turn.
The bar is 5 times torch.nn.LSTM for a batch of 16, there and back. A single row shows what a step
costs beyond its arithmetic.
"""

import argparse
import statistics
import time

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from langmodels.recurrent import Recurrent

INPUTS, WIDTH = 64, 128
TOLERANCE = 1e-4  # relative to the largest number compared
LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def seconds(layers: nn.Module, inputs: Tensor, trained: bool) -> tuple[float, list[Tensor]]:
    """How long a pass, and its way back if `trained`, kept a core busy, and what it gave."""
    learned = [inputs, *layers.parameters()]
    started = time.process_time()
    with torch.set_grad_enabled(trained):
        outputs = layers(inputs)[0]
        gradients = torch.autograd.grad(outputs.sum(), learned) if trained else ()
    return time.process_time() - started, [outputs.detach(), *gradients]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7, help="how often each runs")
    turns = parser.parse_args().turns
    torch.set_num_threads(1)
    table = Table("", "ours, ms", "torch, ms", "ours / torch", title=f"I = {INPUTS}, H = {WIDTH}")
    for kind, make in LAYERS.items():
        for batch, length in ((1, 256), (16, 128)):
            for trained in (False, True):
                torch.manual_seed(0)
                theirs = make(INPUTS, WIDTH, batch_first=True)
                ours = Recurrent(kind, INPUTS, WIDTH)  # type: ignore[arg-type]
                ours.load_state_dict(theirs.state_dict())
                inputs = torch.randn(batch, length, INPUTS).requires_grad_(trained)
                times: list[tuple[float, float]] = []
                for number in range(turns + 1):  # the first turn warms up
                    spent, mine = seconds(ours, inputs, trained)
                    their_time, answer = seconds(theirs, inputs, trained)
                    for a, b in zip(mine, answer, strict=True):
                        if (a - b).abs().max() > TOLERANCE * b.abs().max():
                            raise RuntimeError(f"torch's {kind} gives another answer")
                    if number:
                        times.append((spent, their_time))
                ratios = [a / b for a, b in times]
                columns = [statistics.median(column) for column in zip(*times, strict=True)]
                table.add_row(
                    f"{kind} {batch} × {length}, {'there and back' if trained else 'forward'}",
                    *(f"{1000 * column:.1f}" for column in columns),
                    f"{statistics.median(ratios):.2f} × ({min(ratios):.2f} … {max(ratios):.2f})",
                )
    Console().print(table)


if __name__ == "__main__":
    main()
