"""All rows of a batch share a state.

Each row is a signal of its own. A shared state mixes them, and nobody notices until a batch has
more than one row.
"""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    if state is None:
        state = inputs.new_zeros(*inputs.shape[:-1], len(b_bar))
    outputs = []
    for u in inputs.unbind(-1):
        state = state @ a_bar.T + u[..., None] * b_bar
        state = state.mean(0, keepdim=True).expand_as(state) if state.dim() > 1 else state
        outputs.append(state @ c)
    return torch.stack(outputs, dim=-1) if outputs else torch.zeros_like(inputs), state
