"""Tests of a batch in which each text has its own adapter.

A test is a function whose name begins with test_. `pytest src/langmodels/test_lora.py` runs all of
this file on your own function; graded, it runs on other people's. Add as many tests as you like,
with whatever pytest offers but files.
"""

import torch

from langmodels.lora import batched_lora


def test_batched_lora() -> None:
    """Fails on every wrong batch of adapters that you can think of, and on no right one.

    What a right one costs is not tested here.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(17)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    for adapters in ([2, -1, 0, 2, 1], [1], [-1, -1]):
        x, scales = normal(len(adapters), 4, 7), normal(3)
        down, up = normal(3, 2, 7), normal(3, 6, 2)
        y = batched_lora(x, down, up, scales, torch.tensor(adapters))
        assert y.dtype == x.dtype
        assert y.shape == (len(adapters), 4, 6)
        for got, text, n in zip(y, x, adapters, strict=True):
            expected = scales[n] * text @ (up[n] @ down[n]).T if n >= 0 else torch.zeros_like(got)
            torch.testing.assert_close(got, expected)
    # END SOLUTION
