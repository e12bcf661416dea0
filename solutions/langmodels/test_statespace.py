"""Tests of a causal convolution: the fast way is right in the middle, and goes round at the ends.

A test is a function whose name begins with test_. `pytest src/langmodels/test_statespace.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.statespace import causal_convolution


def test_causal_convolution() -> None:
    """Fails on every wrong convolution that you can think of, and on no right one.

    Look at answers only: how long a convolution takes cannot be seen from here.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(7)

    def normal(*shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=dtype)

    for length, size in [(1, 1), (1, 4), (5, 1), (6, 3), (5, 5), (4, 9), (8, 8)]:
        for batch, rows in [((), ()), ((3,), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 1))]:
            inputs, kernel = normal(*batch, length), normal(*rows, size)
            inputs.requires_grad_()
            kernel.requires_grad_()
            terms = [
                torch.stack(
                    [kernel[..., s] * inputs[..., t - s] for s in range(min(t + 1, size))]
                ).sum(0)
                for t in range(length)
            ]
            expected = torch.stack(terms, dim=-1)
            got = causal_convolution(inputs, kernel)
            torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)
            direction = normal(*expected.shape)
            found, wanted = (
                torch.autograd.grad((answer * direction).sum(), (inputs, kernel))
                for answer in (got, expected)
            )
            torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)
    short = causal_convolution(normal(6, dtype=torch.float32), normal(3, dtype=torch.float32))
    assert short.dtype == torch.float32
    # END SOLUTION
