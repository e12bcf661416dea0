"""The result is transposed: a row says where an input goes to.

A row belongs to an output position and says where it comes from, as in attention weights.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = (0.5 * layer + 0.5 * identity) @ flow
    return flow.mT
