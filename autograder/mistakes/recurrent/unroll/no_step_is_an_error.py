"""A text without a step is an error.

stack has nothing to stack. Such a text has no outputs, and the state that it began with.
"""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    outputs = []
    for t, now in enumerate(projected.unbind(1)):
        new = step(now, state, weight, bias)
        output = new[0]
        if lengths is not None:
            goes_on = (t < lengths)[:, None]
            output = output.masked_fill(~goes_on, 0.0)
            new = tuple(
                torch.where(goes_on, after, before)
                for after, before in zip(new, state, strict=True)
            )
        state = new
        outputs.append(output)
    return torch.stack(outputs, dim=1), state
