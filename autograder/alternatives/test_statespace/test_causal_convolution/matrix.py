"""Right: a Toeplitz matrix, row by row of every batch."""

from functools import partial

import pytest

from langmodels.test_statespace import *


def by_matrix(signal, kernel):
    length = signal.shape[-1]
    rows = kernel.expand(*signal.shape[:-1], kernel.shape[-1])
    matrix = torch.zeros(*signal.shape[:-1], length, length).double()
    for t in range(length):
        for s in range(min(t + 1, kernel.shape[-1])):
            matrix[..., t, t - s] = rows[..., s]
    return (matrix @ signal[..., None])[..., 0]


@pytest.mark.parametrize(
    "batch, rows", [((), ()), ((2,), ()), ((2,), (2,)), ((3, 2), (2,)), ((2, 3), (2, 1))]
)
@pytest.mark.parametrize("length, size", [(1, 1), (2, 5), (5, 2), (6, 6), (7, 7), (4, 9)])
def test_causal_convolution(batch, rows, length, size):
    draw = partial(torch.randn, generator=torch.Generator().manual_seed(length))
    signal = draw(*batch, length).double().requires_grad_()
    kernel = draw(*rows, size).double().requires_grad_()
    got, expected = causal_convolution(signal, kernel), by_matrix(signal, kernel)
    torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-11)
    loss = draw(got.shape).double()
    for part in (signal, kernel):
        one, other = (
            torch.autograd.grad((x * loss).sum(), part, retain_graph=True)[0]
            for x in (got, expected)
        )
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-11)


def test_dtype():
    assert causal_convolution(torch.ones(3), torch.ones(2)).dtype == torch.float32
