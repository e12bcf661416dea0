"""Right: each row on its own, for as many steps as it has."""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    size, n_steps, _ = projected.shape
    ends = [n_steps] * size if lengths is None else lengths.tolist()
    width = state[0].shape[-1]
    outputs, lasts = [], []
    for b, end in enumerate(ends):
        own = tuple(tensor[b : b + 1] for tensor in state)
        said = [projected.new_zeros(1, 0, width)]
        for t in range(end):
            own = step(projected[b : b + 1, t], own, weight, bias)
            said.append(own[0][:, None])
        outputs.append(torch.cat([*said, projected.new_zeros(1, n_steps - end, width)], dim=1))
        lasts.append(own)
    return torch.cat(outputs), [torch.cat(tensors) for tensors in zip(*lasts, strict=True)]
