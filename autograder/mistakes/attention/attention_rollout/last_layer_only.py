"""Only the last layer counts.

Its inputs are no words any more but what earlier layers have made of them. Start with the
identity, and multiply by every layer.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = 0.5 * layer + 0.5 * identity
    return flow
