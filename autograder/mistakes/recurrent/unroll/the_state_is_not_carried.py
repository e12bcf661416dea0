"""Every step begins with the first state.

Then each token is read as if it were the first. The new state is the next step's old one.
"""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    outputs = []
    first = state
    for t, now in enumerate(projected.unbind(1)):
        new = step(now, first, weight, bias)
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
    if not outputs:
        return projected.new_zeros(len(projected), 0, state[0].shape[-1]), state
    return torch.stack(outputs, dim=1), state
