"""The mean is taken over the batch instead of the heads.

The axes are layers, batch, heads, queries, keys. Another axis averages texts that have nothing to
do with each other.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=1)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = (0.5 * layer + 0.5 * identity) @ flow
    return flow
