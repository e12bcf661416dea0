"""Each head is switched off in turn, and the loss compared.

A good measure, and the one that the derivative stands for, but it costs a run for each head, and
gives other numbers where the loss is curved.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.ones(n_layers, n_heads)
    whole = losses(gates)
    importance = torch.zeros(n_layers, n_heads)
    for layer in range(n_layers):
        for head in range(n_heads):
            without = gates.clone()
            without[layer, head] = 0.0
            importance[layer, head] = (losses(without) - whole).abs().mean()
    return importance
