"""A matrix of products for every pair of steps.

The answer is right where decays are not 0, and T² numbers are held: attention without a softmax,
in other words.
"""

from langmodels.mamba import *


# Only its cost is wrong.
def associative_scan(decay, value):
    length = value.shape[1]
    weights = decay.new_zeros(decay.shape[0], length, *decay.shape[1:])
    for s in range(length):
        tail = torch.cat([torch.ones_like(decay[:, :1]), decay[:, s + 1 :]], dim=1).cumprod(1)
        weights = torch.cat(
            [
                weights[:, :, :s],
                functional.pad(tail.movedim(1, -1), (s, 0)).movedim(-1, 1).unsqueeze(2),
                weights[:, :, s + 1 :],
            ],
            dim=2,
        )
    return (weights * value.unsqueeze(1)).sum(2)
