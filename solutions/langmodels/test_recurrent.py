"""Tests of a step: what goes wrong in it goes wrong a thousand times in a row.

A test is a function whose name begins with test_. `pytest src/langmodels/test_recurrent.py` runs
all of this file on your own step; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.recurrent import lstm_step


def oracle(
    projected: torch.Tensor,
    state: tuple[torch.Tensor, torch.Tensor],
    weight: torch.Tensor,
    bias: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """torch's own step, which multiplies its input with a matrix: here with 1."""
    one = torch.eye(len(weight), dtype=weight.dtype)
    h, c = torch.lstm_cell(projected, state, one, weight, torch.zeros_like(bias), bias)
    return h, c


def test_lstm_step() -> None:
    """Fails on every wrong step that you can think of, and on no right one.

    Compare with `oracle` as far as you trust it.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(5)
    for size, width in [(1, 1), (3, 2), (2, 5)]:
        inputs = [
            (3 * torch.randn(shape, generator=generator, dtype=torch.float64)).requires_grad_()
            for shape in (
                *((size, 4 * width), (size, width), (size, width)),
                *((4 * width, width), (4 * width,)),
            )
        ]
        projected, h, c, weight, bias = inputs
        got = lstm_step(projected, (h, c), weight, bias)
        expected = oracle(projected, (h, c), weight, bias)
        directions = [
            torch.randn(size, width, generator=generator, dtype=torch.float64) for _ in "hc"
        ]
        found, wanted = (
            torch.autograd.grad(answer, inputs, grad_outputs=directions)
            for answer in (got, expected)
        )
        for one, other in zip((*got, *found), (*expected, *wanted), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)
    # END SOLUTION
