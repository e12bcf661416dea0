"""The output is read before the input has come in.

That is another convention, scipy's for instance. Here y_t = C h_t with the new state: an input is
heard in its own step.

See: state-space#eq-recurrence
"""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    if state is None:
        state = inputs.new_zeros(*inputs.shape[:-1], len(b_bar))
    outputs = []
    for u in inputs.unbind(-1):
        outputs.append(state @ c)
        state = state @ a_bar.T + u[..., None] * b_bar
    return torch.stack(outputs, dim=-1) if outputs else torch.zeros_like(inputs), state
