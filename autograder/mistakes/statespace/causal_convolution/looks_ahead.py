"""The outputs are those of a kernel in the middle, as "same" has it.

A filter of pictures may look to both sides. A language model that hears the next word before it
has to say it learns nothing.
"""

from langmodels.statespace import *


def causal_convolution(inputs, kernel):
    length = inputs.shape[-1]
    room = length + kernel.shape[-1] - 1
    product = torch.fft.rfft(inputs, n=room) * torch.fft.rfft(kernel, n=room)
    whole: Tensor = torch.fft.irfft(product, n=room)
    return whole[..., (kernel.shape[-1] - 1) // 2 :][..., :length]
