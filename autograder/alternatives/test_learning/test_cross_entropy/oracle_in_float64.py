"""Right: compares with the library, as many ways as there are."""

import pytest

from langmodels.test_learning import *


@pytest.mark.parametrize("ignore", [-100, -1, 0, 2])
@pytest.mark.parametrize("shape", [(6,), (2, 5), (4, 3, 2)])
@pytest.mark.parametrize("size", [1, 500])
def test_cross_entropy(ignore, shape, size):
    torch.manual_seed(1)
    logits = (size * torch.randn(*shape, 5)).double().requires_grad_()
    targets = torch.randint(5, shape)
    targets.view(-1)[:2] = ignore
    targets.view(-1)[-1] = 4
    wanted = oracle(logits.flatten(0, -2), targets.flatten(), ignore_index=ignore)
    got = cross_entropy(logits, targets, ignore)
    assert got.item() == pytest.approx(wanted.item(), rel=1e-9)
    got.backward()
    found, logits.grad = logits.grad, None
    wanted.backward()
    assert torch.allclose(found, logits.grad, atol=1e-9)


def test_nothing():
    assert cross_entropy(torch.randn(2, 3, 4), torch.full((2, 3), -100)).item() == 0.0


def test_the_default():
    torch.manual_seed(2)
    logits, targets = torch.randn(4, 6).double(), torch.tensor([1, -100, 0, 5])
    assert cross_entropy(logits, targets).item() == pytest.approx(oracle(logits, targets).item())


def test_impossible_but_ignored():
    logits = torch.tensor([[0.0, 0.0], [-torch.inf, 0.0]])
    got = cross_entropy(logits, torch.tensor([0, -100]))
    assert got.item() == pytest.approx(0.6931472, rel=1e-6)
