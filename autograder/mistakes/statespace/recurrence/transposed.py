"""The state goes through the transpose of Ā.

h is a row here, and Ā was written for a column: h · Āᵀ is what Ā h is. Without the turn the arrows
in the state point backwards.
"""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    if state is None:
        state = inputs.new_zeros(*inputs.shape[:-1], len(b_bar))
    outputs = []
    for u in inputs.unbind(-1):
        state = state @ a_bar + u[..., None] * b_bar
        outputs.append(state @ c)
    return torch.stack(outputs, dim=-1) if outputs else torch.zeros_like(inputs), state
