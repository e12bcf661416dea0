"""Room for a power of two, complex transforms, in float64."""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length, size = inputs.shape[-1], kernel.shape[-1]
    room = 1
    while room < length + size:
        room *= 2
    spectrum = torch.fft.fft(inputs.double(), n=room) * torch.fft.fft(kernel.double(), n=room)
    return torch.fft.ifft(spectrum).real[..., :length].to(inputs.dtype)
