"""The way back does not know the room.

Half a spectrum does not tell whether the whole had an even or an odd number of places: irfft takes
an even one, and stretches the rest.
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    room = length + kernel.shape[-1] - 1
    product = torch.fft.rfft(inputs, n=room) * torch.fft.rfft(kernel, n=room)
    return torch.fft.irfft(product)[..., :length]
