"""Adds adapter after adapter."""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError("a weight for each adapter")
    total = {name: torch.zeros_like(tensor) for name, tensor in states[0].items()}
    for state, weight in zip(states, weights, strict=True):
        for name, tensor in state.items():
            total[name] = total[name] + weight * tensor
    return total
