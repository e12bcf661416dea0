"""Right: keeps the states of all steps, and picks each row's own last one."""

from langmodels.recurrent import *


def unroll(step, projected, state, weight, bias, lengths=None):
    size, n_steps, _ = projected.shape
    if lengths is None:
        lengths = torch.full((size,), n_steps)
    states = [tuple(state)]
    for t in range(n_steps):
        read = torch.where((t < lengths)[:, None], projected[:, t], torch.zeros(()).to(projected))
        states.append(tuple(step(read, states[-1], weight, bias)))
    history = [torch.stack(tensors, dim=1) for tensors in zip(*states, strict=True)]
    rows = torch.arange(size)
    last = tuple(tensor[rows, lengths] for tensor in history)
    real = torch.arange(n_steps) < lengths[:, None]
    return history[0][:, 1:].masked_fill(~real[..., None], 0.0), last
