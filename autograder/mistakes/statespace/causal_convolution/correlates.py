"""The kernel is slid along without being turned.

y_t = Σ kernel_s u_{t-s}: the first number of the kernel meets the latest input. The conjugate of a
transform turns a kernel round.
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    room = length + kernel.shape[-1] - 1
    product = torch.fft.rfft(inputs, n=room) * torch.fft.rfft(kernel, n=room).conj()
    whole: Tensor = torch.fft.irfft(product, n=room)
    return whole[..., :length]
