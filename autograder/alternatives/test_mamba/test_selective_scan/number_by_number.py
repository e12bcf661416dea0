"""Right: loops over single numbers, then pieces, then derivatives."""

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


def loops(x, step, a, b, c, state):
    y, last = torch.zeros_like(x), state.clone()
    for r in range(x.shape[0]):
        for e in range(x.shape[2]):
            for n in range(a.shape[1]):
                h = float(state[r, e, n])
                for t in range(x.shape[1]):
                    delta = float(step[r, t, e])
                    h = math.exp(delta * float(a[e, n])) * h + delta * float(
                        b[r, t, n] * x[r, t, e]
                    )
                    y[r, t, e] += h * float(c[r, t, n])
                last[r, e, n] = h
    return y, last


def test_selective_scan():
    torch.manual_seed(0)
    for sizes in [(1, 1, 1, 1), (2, 3, 4, 5), (3, 5, 2, 4)]:
        inputs = draw(*sizes)
        zero = torch.zeros(sizes[0], sizes[2], sizes[3]).double()
        for got in (selective_scan(*inputs), selective_scan(*inputs, zero)):
            torch.testing.assert_close(got, loops(*inputs, zero), rtol=1e-9, atol=1e-10)
        state = torch.randn_like(zero)
        before = state.clone()
        torch.testing.assert_close(
            selective_scan(*inputs, state), loops(*inputs, state), rtol=1e-9, atol=1e-10
        )
        assert torch.equal(state, before)


def test_derivatives():
    torch.manual_seed(1)
    inputs = [part.requires_grad_() for part in (*draw(2, 3, 2, 3), torch.randn(2, 2, 3).double())]
    assert torch.autograd.gradcheck(selective_scan, inputs, fast_mode=True)
