"""All states in a table, and C once at the end."""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    batch, length = inputs.shape[:-1], inputs.shape[-1]
    h = torch.zeros(*batch, len(c), dtype=inputs.dtype) if state is None else state
    states = []
    for t in range(length):
        h = torch.einsum("nm,...m->...n", a_bar, h) + torch.einsum(
            "...,n->...n", inputs[..., t], b_bar
        )
        states.append(h)
    if not length:
        return inputs.clone(), h.clone()
    return torch.einsum("n,...tn->...t", c, torch.stack(states, dim=-2)), h
