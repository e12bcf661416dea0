"""The same bits are demanded as of a sum.

A Fourier transform rounds differently from a sum: no right solution gives the same bits. Compare
with a tolerance that rounding explains.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    signal, kernel = torch.randn(7), torch.randn(5)
    expected = [sum(kernel[s] * signal[t - s] for s in range(min(t + 1, 5))) for t in range(7)]
    assert causal_convolution(signal, kernel).tolist() == torch.stack(expected).tolist()
