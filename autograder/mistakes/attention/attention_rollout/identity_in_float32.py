"""The identity is always float32.

torch.eye takes the default dtype. Give it that of the weights: torch refuses a product of two
dtypes, and a sum has the wider one.
"""

from langmodels.attention import *


def attention_rollout(weights):
    mean = weights.mean(dim=2)
    identity = torch.eye(weights.shape[-1])
    flow = identity.expand_as(mean[0])
    for layer in mean:
        flow = (0.5 * layer + 0.5 * identity) @ flow
    return flow
