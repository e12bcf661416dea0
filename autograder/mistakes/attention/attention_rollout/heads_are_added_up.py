"""The heads are added up instead of averaged.

Each head's rows sum to 1, so the sum of H heads counts H times as much as the residual connection.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.sum(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = (0.5 * layer + 0.5 * identity) @ flow
    return flow
