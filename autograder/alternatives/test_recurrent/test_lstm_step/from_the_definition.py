"""Right: number by number from the definition, and gradcheck."""

from math import exp, tanh

import pytest

from langmodels.test_recurrent import *


def sigmoid(x):
    return 1 / (1 + exp(-x))


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    torch.manual_seed(3)
    size, width = 2, 3
    projected, h, c, weight, bias = draw(size, width)
    new_h, new_c = lstm_step(projected, (h, c), weight, bias)
    for b in range(size):
        total = [
            projected[b, row].item() + bias[row].item() + (weight[row] * h[b]).sum().item()
            for row in range(4 * width)
        ]
        for j in range(width):
            i, f, g, o = total[j::width]
            cell = sigmoid(f) * c[b, j].item() + sigmoid(i) * tanh(g)
            assert new_c[b, j].item() == pytest.approx(cell)
            assert new_h[b, j].item() == pytest.approx(sigmoid(o) * tanh(cell))


def test_gradients():
    torch.manual_seed(4)
    inputs = [x.requires_grad_() for x in draw(2, 2)]
    base = [x.detach().clone() for x in inputs]
    h, c = lstm_step(inputs[0], (inputs[1], inputs[2]), inputs[3], inputs[4])
    (h.sum() + c.sum()).backward()
    for number, leaf in enumerate(inputs):
        for sign in (1,):
            moved = [x.clone() for x in base]
            moved[number].view(-1)[0] += sign * 1e-6
            h1, c1 = oracle(moved[0], (moved[1], moved[2]), moved[3], moved[4])
            h0, c0 = oracle(base[0], (base[1], base[2]), base[3], base[4])
            slope = ((h1.sum() + c1.sum()) - (h0.sum() + c0.sum())).item() / 1e-6
            assert leaf.grad.view(-1)[0].item() == pytest.approx(slope, abs=1e-4)
