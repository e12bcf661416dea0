"""The state is detached at each step.

To write text that does no harm. In training no gradient comes from an output to an earlier input:
what was long ago cannot be learned.
"""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    if state is None:
        state = inputs.new_zeros(*inputs.shape[:-1], len(b_bar))
    outputs = []
    for u in inputs.unbind(-1):
        state = state @ a_bar.T + u[..., None] * b_bar
        outputs.append(state @ c)
        state = state.detach()
    return torch.stack(outputs, dim=-1) if outputs else torch.zeros_like(inputs), state
