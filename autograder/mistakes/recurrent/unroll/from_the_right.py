"""The text is read from the right.

The state at t may know what stood before t. Reading from the right is another network's task.
"""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    outputs = []
    for t, now in reversed([*enumerate(projected.unbind(1))]):
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
    if not outputs:
        return projected.new_zeros(len(projected), 0, state[0].shape[-1]), state
    return torch.stack(outputs[::-1], dim=1), state
