"""The layers are multiplied number by number.

A path goes from a position to another one and on from there. Summing over the positions between is
what a matrix product does.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = torch.ones_like(mean[0])
    for layer in mean:
        flow = (0.5 * layer + 0.5 * identity) * flow
    return flow
