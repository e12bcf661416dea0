"""Tests of quantisation: there is more than one right answer, but every one keeps a promise.

A test is a function whose name begins with test_. `pytest src/langmodels/test_inference.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.inference import quantize_int8


def test_quantize_int8() -> None:
    """Fails on every wrong quantisation that you can think of, and on no right one.

    A number halfway between two codes may go to either.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(12)
    for dtype, shape in [(torch.float32, (2, 50)), (torch.float64, (3, 2, 4, 7))]:
        sizes = 10.0 ** torch.randint(-9, 6, (*shape[:-1], 1), generator=generator)
        for sign in (1, -1):
            x = (sign * sizes * torch.randn(shape, generator=generator)).to(dtype)
            x[0] *= -1 if x[0].max() > -x[0].min() else 1  # its largest in size is negative
            codes, step = quantize_int8(x)
            assert codes.dtype == torch.int8
            assert codes.shape == x.shape
            # One step for each vector, the largest magnitude in it / 127.
            torch.testing.assert_close(step, x.abs().amax(-1, keepdim=True) / 127)
            assert (codes.long().abs().amax(-1) == 127).all()
            # Never further than half a step, but for what rounding does to numbers of 127 steps.
            assert ((codes * step - x).abs() <= 0.5001 * step).all()
    codes, step = quantize_int8(torch.tensor([[0.0, 0.0], [0.0, 3.0]]))
    assert codes.tolist() == [[0, 0], [0, 127]]
    assert step[0].item() == 0
    # END SOLUTION
