"""Right: a quarter turn, linearity, and turning back."""

import pytest

from langmodels.test_transformer import *


def both(half):
    angles = torch.cat([half, half], -1)
    return angles.cos(), angles.sin()


@pytest.fixture
def x():
    torch.manual_seed(2)
    return torch.randn(2, 3, 5, 6, dtype=torch.float64)


@pytest.fixture
def angles():
    torch.manual_seed(3)
    return torch.randn(2, 1, 5, 3, dtype=torch.float64)


def test_rotate(x):
    # A quarter turn brings the first half to the second.
    zeros, ones = torch.zeros(2, 1, 5, 6).double(), torch.ones(2, 1, 5, 6).double()
    expected = torch.cat([-x[..., 3:], x[..., :3]], -1)
    assert torch.allclose(rotate(x, (zeros, ones)), expected, rtol=1e-9, atol=1e-12)
    assert torch.allclose(rotate(x, (ones, zeros)), x, rtol=1e-9, atol=1e-12)


def test_two_turns_are_one(x, angles):
    twice = rotate(rotate(x, both(angles)), both(angles / 3))
    assert torch.allclose(twice, rotate(x, both(angles * 4 / 3)), rtol=1e-9, atol=1e-12)


def test_between_nothing_and_a_quarter(x, angles):
    cos, sin = both(angles)
    quarter = torch.cat([-x[..., 3:], x[..., :3]], -1)
    assert torch.allclose(rotate(x, (cos, sin)), cos * x + sin * quarter, rtol=1e-9, atol=1e-12)


def test_a_gradient_is_turned_back(x, angles):
    cos, sin = both(angles)
    leaf = x.clone().requires_grad_()
    weights = torch.ones_like(x).cumsum(-1)
    (rotate(leaf, (cos, sin)) * weights).sum().backward()
    expected = rotate(weights, (cos, -sin)).detach()
    assert torch.allclose(leaf.grad, expected, rtol=1e-9, atol=1e-12)


def test_the_dtype_stays(x, angles):
    cos, sin = both(angles.float())
    for dtype in (torch.float32, torch.bfloat16):
        got = rotate(x.to(dtype), (cos, sin))
        assert got.dtype == dtype
    exact = rotate(x.bfloat16().double(), (cos.double(), sin.double()))
    # One rounding of eight bits, at numbers below 4.
    assert (got.double() - exact).abs().max() < 0.017
