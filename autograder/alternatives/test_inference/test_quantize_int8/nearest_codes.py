"""Right: looks for the nearest code among all 255, and leaves ties open."""

import pytest

from langmodels.test_inference import *

CODES = torch.arange(-127, 128, dtype=torch.float64)


def check(x):
    codes, step = quantize_int8(x)
    assert codes.dtype == torch.int8
    assert step.dtype == x.dtype
    assert step.shape == (*x.shape[:-1], 1)
    assert codes.shape == x.shape
    due = x.double().abs().max(-1, keepdim=True).values / 127
    assert torch.allclose(step.double(), due, rtol=1e-6, atol=0)
    off = (codes * due - x.double()).abs()
    best = (CODES * due[..., None] - x.double()[..., None]).abs().min(-1).values
    assert (off <= best + 1e-4 * due).all()


@pytest.mark.parametrize("size", [1e-12, 1e-3, 1.0, 1e9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_quantize_int8(size, dtype):
    torch.manual_seed(4)
    x = (size * torch.randn(3, 2, 40)).to(dtype)
    x[0] = -x[0].abs()
    x[1] *= 100
    check(x)
    check(x[0, 0])


def test_zeros():
    codes, step = quantize_int8(torch.tensor([[0.0, 0.0, 0.0], [0.0, -2.0, 0.0]]))
    assert codes.tolist() == [[0, 0, 0], [0, -127, 0]]
    assert step.flatten().tolist() == pytest.approx([0, 2 / 127])
