"""Right: what an impulse at each step leaves behind, and sums of impulses."""

from langmodels.test_statespace import *


def test_an_impulse_leaves_the_kernel_behind():
    for length, size in [(1, 1), (1, 4), (5, 3), (6, 6), (4, 11), (9, 2)]:
        kernel = torch.arange(1.0, size + 1).double()
        for t in range(length):
            signal = torch.zeros(length).double()
            signal[t] = 3
            expected = torch.zeros(length).double()
            room = min(size, length - t)
            expected[t : t + room] = 3 * kernel[:room]
            torch.testing.assert_close(
                causal_convolution(signal, kernel), expected, rtol=1e-9, atol=1e-9
            )


def test_rows_have_kernels_of_their_own():
    torch.manual_seed(3)
    signal, kernel = torch.randn(2, 3, 5).double(), torch.randn(3, 4).double()
    got = causal_convolution(signal, kernel)
    for b in range(2):
        for d in range(3):
            alone = causal_convolution(signal[b, d], kernel[d])
            torch.testing.assert_close(got[b, d], alone, rtol=1e-9, atol=1e-11)
    shared = causal_convolution(signal, kernel[0])
    torch.testing.assert_close(
        shared[1, 2], causal_convolution(signal[1, 2], kernel[0]), rtol=1e-9, atol=1e-11
    )


def test_causal_convolution():
    torch.manual_seed(4)
    parts = [torch.randn(4).double().requires_grad_(), torch.randn(6).double().requires_grad_()]
    assert torch.autograd.gradcheck(causal_convolution, parts, fast_mode=True)
