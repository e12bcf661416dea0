"""Only the first tensor of the state stays.

An LSTM has a cell too, and that is its memory. Each tensor of the state has to stay what it was.
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
                torch.where(goes_on, after, before) if number == 0 else after
                for number, (after, before) in enumerate(zip(new, state, strict=True))
            )
        state = new
        outputs.append(output)
    if not outputs:
        return projected.new_zeros(len(projected), 0, state[0].shape[-1]), state
    return torch.stack(outputs, dim=1), state
