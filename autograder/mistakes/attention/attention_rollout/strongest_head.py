"""Of the heads the largest weight is taken.

That shows what at least one head looks at, and is used for pictures. But then rows do not sum to
1: take the mean.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.amax(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = (0.5 * layer + 0.5 * identity) @ flow
    return flow
