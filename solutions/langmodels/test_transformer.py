"""Tests of the rotation that tells queries and keys their positions.

A test is a function whose name begins with test_. `pytest src/langmodels/test_transformer.py` runs
all of this file on your own rotation; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch

from langmodels.transformer import rotate


def test_rotate() -> None:
    """Fails on every wrong rotation that you can think of, and on no right one.

    The docstring of `rotate` says what becomes of a pair, and which features are one. Cosines and
    sines may be those of any angles, and may be the same for all rows or not.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(8)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    # No two axes of one length, so that none can be taken for another.
    for n_rows, n_heads, length, half in [(1, 2, 3, 1), (2, 3, 5, 4)]:
        x = normal(n_rows, n_heads, length, 2 * half).requires_grad_()
        weights = normal(*x.shape)
        for angles in (normal(1, 1, length, half), normal(n_rows, 1, length, half)):
            cos, sin = (torch.cat([part, part], -1) for part in (angles.cos(), angles.sin()))
            got = rotate(x, (cos, sin))
            # The pair as one complex number, which a rotation multiplies.
            turned = torch.complex(*x.detach().chunk(2, -1)) * torch.polar(angles * 0 + 1, angles)
            expected = torch.cat([turned.real, turned.imag], -1)
            torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)
            # The gradient of a rotation turns back.
            (gradient,) = torch.autograd.grad((got * weights).sum(), x)
            back = torch.complex(*weights.chunk(2, -1)) * torch.polar(angles * 0 + 1, -angles)
            expected = torch.cat([back.real, back.imag], -1)
            torch.testing.assert_close(gradient, expected, rtol=1e-10, atol=1e-12)
            few = x.detach().bfloat16()
            got = rotate(few, (cos.float(), sin.float()))
            exact = rotate(few.double(), (cos, sin))
            assert got.dtype == torch.bfloat16
            torch.testing.assert_close(got.double(), exact, rtol=0, atol=0.05)
    # END SOLUTION
