"""Right: pair by pair in plain Python, and the gradient by differences."""

import math

from langmodels.test_transformer import *


def by_hand(row, angles):
    half = len(row) // 2
    new = list(row)
    for i, angle in enumerate(angles):
        new[i] = row[i] * math.cos(angle) - row[i + half] * math.sin(angle)
        new[i + half] = row[i + half] * math.cos(angle) + row[i] * math.sin(angle)
    return new


def case(n_rows, own, dtype=torch.float64):
    torch.manual_seed(n_rows)
    x = torch.randn(n_rows, 3, 5, 8, dtype=torch.float64).to(dtype)
    half = torch.randn(n_rows if own else 1, 1, 5, 4, dtype=torch.float64)
    angles = torch.cat([half, half], -1)
    rows = half.expand(n_rows, 3, 5, 4).reshape(-1, 4).tolist()
    flat = x.double().reshape(-1, 8).tolist()
    expected = [by_hand(row, a) for row, a in zip(flat, rows, strict=True)]
    return x, (angles.cos(), angles.sin()), torch.tensor(expected).double().reshape(x.shape)


def test_rotate():
    for n_rows, own in [(1, False), (2, False), (2, True)]:
        x, rotation, expected = case(n_rows, own)
        got = rotate(x, rotation)
        assert got.dtype == torch.float64
        assert got.shape == x.shape
        assert torch.allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_few_bits_stay_few():
    x, (cos, sin), expected = case(2, True, torch.bfloat16)
    got = rotate(x, (cos.float(), sin.float()))
    assert got.dtype == torch.bfloat16
    assert torch.allclose(got.double(), expected, atol=0.04)


def test_digits_are_kept():
    x, rotation, _ = case(2, True)
    lengths = rotate(x, rotation).norm(dim=-1)
    assert torch.allclose(lengths, x.norm(dim=-1), rtol=1e-12)


def test_gradients():
    x, rotation, _ = case(2, True)
    x = x[:, :1, :2].requires_grad_()
    rotation = [part[:, :, :2] for part in rotation]
    assert torch.autograd.gradcheck(lambda y: rotate(y, rotation), x)
