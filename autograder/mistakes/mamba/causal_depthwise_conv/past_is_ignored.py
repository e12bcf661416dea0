"""What came before is not looked at.

Every piece of a text then begins with zeros, and the first W - 1 tokens of each are misheard. When
text is written, that is every token.
"""

from langmodels.mamba import *


def causal_depthwise_conv(x, weight, bias, past=None):
    length, width = x.shape[1], weight.shape[1]
    past = x.new_zeros(len(x), width - 1, x.shape[2])
    known = torch.cat([past, x], dim=1)
    shifted = (known[:, w : w + length] * weight[:, w] for w in range(width))
    return sum(shifted, start=bias), known[:, length:]
