"""Right: starts at the output and asks each layer before it, in einsum."""

from langmodels.attention import *


def attention_rollout(weights):
    mean = torch.einsum("lbhts->lbts", weights) / weights.shape[2]
    identity = torch.eye(weights.shape[-1], dtype=weights.dtype)
    flow = identity.expand(weights.shape[1], -1, -1)
    for layer in reversed(mean):
        flow = torch.einsum("bot,bti->boi", flow, torch.lerp(layer, identity.expand_as(layer), 0.5))
    return flow
