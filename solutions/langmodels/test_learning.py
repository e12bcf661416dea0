"""Tests of a loss: what you would want to know before you train on it for a week.

A test is a function whose name begins with test_. `pytest src/langmodels/test_learning.py` runs
all of this file on your own loss; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import torch
from torch.nn.functional import cross_entropy as oracle

from langmodels.learning import cross_entropy


def test_cross_entropy() -> None:
    """Fails on every wrong loss that you can think of, and on no right one.

    `oracle` is torch's own, which wants one axis of rows and calls `ignore` ignore_index. Where all
    targets are ignored it gives nan, and yours 0.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(4)
    for shape in [(5,), (3, 4), (2, 3, 2)]:
        for size in (1.0, 1e3):
            logits = size * torch.randn(*shape, 7, generator=generator, dtype=torch.float64)
            logits.requires_grad_()
            targets = torch.randint(7, shape, generator=generator)
            for ignore in (-100, -1, int(targets.flatten()[0])):
                some = targets.clone()
                some.flatten()[1::3] = ignore
                got = cross_entropy(logits, some, ignore)
                expected = oracle(logits.reshape(-1, 7), some.flatten(), ignore_index=ignore)
                torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)
                (found,) = torch.autograd.grad(got, logits)
                (wanted,) = torch.autograd.grad(expected, logits)
                torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)
            assert cross_entropy(logits, torch.full(shape, -100)).item() == 0
    # What stands at an ignored place does not matter, be it impossible.
    logits = torch.tensor([[0.0, 0.0], [-torch.inf, 0.0]])
    got = cross_entropy(logits, torch.tensor([1, -100]))
    torch.testing.assert_close(got, torch.tensor(2.0).log())
    # END SOLUTION
