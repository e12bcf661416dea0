"""What is past the end is multiplied by 0.

Padding may hold anything, and nan times 0 is nan. Choose with where, or fill.
"""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    outputs = []
    for t, now in enumerate(projected.unbind(1)):
        new = step(now, state, weight, bias)
        output = new[0]
        if lengths is not None:
            goes_on = (t < lengths)[:, None]
            output = output * goes_on
            new = tuple(
                after * goes_on + before * ~goes_on
                for after, before in zip(new, state, strict=True)
            )
        state = new
        outputs.append(output)
    if not outputs:
        return projected.new_zeros(len(projected), 0, state[0].shape[-1]), state
    return torch.stack(outputs, dim=1), state
