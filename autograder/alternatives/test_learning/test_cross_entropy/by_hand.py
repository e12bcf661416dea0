"""Right: losses that one can work out, and a gradient by differences."""

from math import inf, log

import pytest

from langmodels.test_learning import *

SIXTHS = torch.tensor([1.0, 2.0, 3.0]).double().log()


def test_cross_entropy():
    logits = torch.stack([SIXTHS, SIXTHS.flip(0)])
    wanted = (log(2) + log(6)) / 2
    assert cross_entropy(logits, torch.tensor([2, 2])).item() == pytest.approx(wanted)
    assert cross_entropy(logits, torch.tensor([2, -100])).item() == pytest.approx(log(2))
    assert cross_entropy(logits, torch.tensor([0, 2]), 0).item() == pytest.approx(log(6))
    assert cross_entropy(logits, torch.tensor([0, 2])).item() == pytest.approx(log(6))
    assert cross_entropy(logits, torch.tensor([1, 1]), 1).item() == 0


def test_rows_of_different_lengths():
    logits = SIXTHS.repeat(2, 3, 1)
    targets = torch.tensor([[0, 1, 2], [0, -100, -100]])
    wanted = (log(6) + log(3) + log(2) + log(6)) / 4
    assert cross_entropy(logits, targets).item() == pytest.approx(wanted)


def test_extremes():
    logits = torch.tensor([[0.0, 900.0], [-inf, 0.0], [900.0, 900.0]]).double()
    assert cross_entropy(logits[:1], torch.tensor([0])).item() == pytest.approx(900)
    wanted = 450 + log(2) / 2
    assert cross_entropy(logits, torch.tensor([0, -100, 1])).item() == pytest.approx(wanted)


def test_gradient():
    logits = torch.zeros(1, 4, requires_grad=True)
    cross_entropy(logits, torch.tensor([3])).backward()
    assert logits.grad[0].tolist() == pytest.approx([0.25, 0.25, 0.25, -0.75])
