"""The last real step is left out.

Steps are counted from 0: a row of length 2 has steps 0 and 1, so that t < length is all of them.
"""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    outputs = []
    for t, now in enumerate(projected.unbind(1)):
        new = step(now, state, weight, bias)
        output = new[0]
        if lengths is not None:
            goes_on = (t + 1 < lengths)[:, None]
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
