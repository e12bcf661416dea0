"""Tests of the selective scan: it has six inputs of four shapes, and most mixtures of them run.

A test is a function whose name begins with test_. `pytest src/langmodels/test_mamba.py` runs all of
this file on your own function; graded, it runs on other people's. Add as many tests as you like,
with whatever pytest offers but files.
"""

import math

import torch

from langmodels.mamba import selective_scan


def test_selective_scan() -> None:
    """Fails on every wrong scan that you can think of, and on no right one.

    Look at the output and at the state that comes back; the state that went in stays as it was.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(7)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    for rows, length, channels, size in [(1, 1, 1, 1), (2, 5, 3, 4), (3, 4, 2, 5)]:
        x, step = normal(rows, length, channels), normal(rows, length, channels).exp()
        a = -normal(channels, size).exp()
        b, c = normal(rows, length, size), normal(rows, length, size)
        inputs = [
            part.requires_grad_() for part in (x, step, a, b, c, normal(rows, channels, size))
        ]
        before = inputs[-1].detach().clone()
        for state in (None, inputs[-1]):
            h = torch.zeros(rows, channels, size).double() if state is None else state
            outputs = []
            for t in range(length):
                decay = torch.einsum("be,en->ben", step[:, t], a).exp()
                h = h * decay + torch.einsum("be,be,bn->ben", step[:, t], x[:, t], b[:, t])
                outputs.append(torch.einsum("ben,bn->be", h, c[:, t]))
            expected = torch.stack(outputs, dim=1), h
            got = selective_scan(x, step, a, b, c, state)
            for found, wanted in zip(got, expected, strict=True):
                torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-10)
            assert torch.equal(inputs[-1], before)
            directions = [normal(*part.shape) for part in expected]
            used = inputs[: 5 + (state is not None)]
            slopes = [torch.autograd.grad(answer, used, directions) for answer in (got, expected)]
            torch.testing.assert_close(*slopes, rtol=1e-8, atol=1e-9)
    one = torch.ones(1, 1, 1)
    y, h = selective_scan(one, math.log(2) * one, -one[0], one, one, one)
    torch.testing.assert_close(y, 0.5 + math.log(2) * one)
    torch.testing.assert_close(h, 0.5 + math.log(2) * one)
    # END SOLUTION
