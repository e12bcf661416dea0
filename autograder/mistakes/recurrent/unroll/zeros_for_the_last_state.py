"""The state becomes zeros when a row ends.

The last state of the batch is returned for every row: it should be each row's own last one.
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
                after.masked_fill(~goes_on, 0.0) for after, before in zip(new, state, strict=True)
            )
        state = new
        outputs.append(output)
    if not outputs:
        return projected.new_zeros(len(projected), 0, state[0].shape[-1]), state
    return torch.stack(outputs, dim=1), state
