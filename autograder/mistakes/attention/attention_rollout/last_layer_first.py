"""The layers are multiplied in the wrong order.

What the first layer gathers is passed on by the second: A₂ A₁, with the first one on the right,
next to the input. Matrix products do not commute.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = flow @ (0.5 * layer + 0.5 * identity)
    return flow
