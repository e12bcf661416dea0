"""The test returns what it should assert.

pytest looks at what a test raises, not at what it returns. Have a test fail once, on purpose,
before you trust it.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    signal, kernel = torch.randn(6).double(), torch.randn(4).double()
    expected = [sum(kernel[s] * signal[t - s] for s in range(min(t + 1, 4))) for t in range(6)]
    return torch.allclose(causal_convolution(signal, kernel), torch.stack(expected))
