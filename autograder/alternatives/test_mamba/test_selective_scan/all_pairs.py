"""Right: each output as a sum over all tokens before it."""

import pytest

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


@pytest.mark.parametrize("sizes", [(1, 2, 1, 3), (2, 4, 3, 5), (3, 5, 2, 4)])
@pytest.mark.parametrize("has_state", [False, True])
def test_selective_scan(sizes, has_state):
    torch.manual_seed(2)
    x, step, a, b, c = draw(*sizes)
    rows, length, channels, size = sizes
    parts = [x, step, a, b, c] + [torch.randn(rows, channels, size).double()] * has_state
    parts = [part.requires_grad_() for part in parts]
    got = selective_scan(*parts)
    total = torch.einsum("bte,en->bten", step, a).cumsum(1)
    states = []
    for t in range(length):
        h = sum(
            (total[:, t] - total[:, s]).exp() * (step * x)[:, s, :, None] * b[:, s, None]
            for s in range(t + 1)
        )
        states.append(h + total[:, t].exp() * parts[5] if has_state else h)
    y = torch.stack([(h * c[:, t, None]).sum(-1) for t, h in enumerate(states)], dim=1)
    torch.testing.assert_close(got[0], y, rtol=1e-9, atol=1e-10)
    torch.testing.assert_close(got[1], states[-1], rtol=1e-9, atol=1e-10)
    slopes = [
        torch.autograd.grad((answer[0] ** 2).sum() + answer[1].sum(), parts, retain_graph=True)
        for answer in (got, (y, states[-1]))
    ]
    torch.testing.assert_close(*slopes, rtol=1e-8, atol=1e-9)
    if has_state:
        kept = parts[5].detach().clone()
        selective_scan(*parts)
        assert torch.equal(parts[5], kept)
