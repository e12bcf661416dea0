"""Right: half of what attention brings, half of what was there, layer by layer."""

from langmodels.attention import *


def attention_rollout(weights):
    n_layers, size, _, length, _ = weights.shape
    flow = torch.eye(length).to(weights.dtype).repeat(size, 1, 1)
    for layer in range(n_layers):
        flow = (weights[layer].sum(1) / weights.shape[2] @ flow + flow) / 2
    return flow
