"""The output comes one step late.

kernel_0 belongs to the input of the same step: y_0 = kernel_0 · u_0.
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    room = length + kernel.shape[-1] - 1
    product = torch.fft.rfft(inputs, n=room) * torch.fft.rfft(kernel, n=room)
    whole = torch.fft.irfft(product, n=room)[..., :length]
    return torch.nn.functional.pad(whole, (1, 0))[..., :length]
