"""All rows are convolved with the first kernel.

Leading dimensions of the kernel broadcast: where it has rows, each row of the inputs has its own.
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    room = length + kernel.shape[-1] - 1
    product = torch.fft.rfft(inputs, n=room) * torch.fft.rfft(
        kernel.reshape(-1, kernel.shape[-1])[0], n=room
    )
    return torch.fft.irfft(product, n=room)[..., :length]
