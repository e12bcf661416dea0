"""The exponentials are taken of the scores as they are.

e^89 is too large for float32, and inf/inf is nan. A softmax does not change when the same number
is taken from all scores of a row: take the largest, and every exponent is at most 0.

See: attention#huge-logits
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    sizes = scores.exp()
    total = sizes.sum(-1, keepdim=True)
    return sizes / total.masked_fill(total == 0, 1.0)
