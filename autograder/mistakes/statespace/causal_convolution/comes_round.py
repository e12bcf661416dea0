"""The circle has no more room than the signal.

A product of Fourier transforms is a convolution in a circle: what does not fit at the end is added
at the beginning. With room for T + S - 1 numbers nothing comes round.

See: state-space#comes-round
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    room = max(length, kernel.shape[-1])
    product = torch.fft.rfft(inputs, n=room) * torch.fft.rfft(kernel, n=room)
    whole: Tensor = torch.fft.irfft(product, n=room)
    return whole[..., :length]
