"""The outputs of the steps are stacked in front of the batch.

Time is the last axis, as it is of the inputs. For a single signal both are the same.
"""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    if state is None:
        state = inputs.new_zeros(*inputs.shape[:-1], len(b_bar))
    outputs = []
    for u in inputs.unbind(-1):
        state = state @ a_bar.T + u[..., None] * b_bar
        outputs.append(state @ c)
    return torch.stack(outputs, dim=0) if outputs else torch.zeros_like(inputs), state
