"""Right: multiplies out ∂h_t/∂h_s for every pair of steps, in double precision."""

from langmodels.recurrent import *


def rnn_backward(projected, state, weight, bias, grad_outputs):
    outputs, _ = unroll(rnn_step, projected, (state,), weight, bias)
    outputs, u = outputs.double(), weight.double()
    n_steps = projected.shape[1]
    slopes, gradients = 1 - outputs**2, torch.zeros_like(outputs)
    for t in range(n_steps):
        row = grad_outputs[:, t].double()
        for s in range(t, -1, -1):
            row = row * slopes[:, s]
            gradients[:, s] += row
            row = row @ u
    to_state = gradients[:, 0] @ u if n_steps else torch.zeros_like(state).double()
    before = torch.cat([state[:, None].double(), outputs], dim=1)[:, :n_steps]
    answers = (
        gradients,
        to_state,
        torch.einsum("bti,btj->ij", gradients, before),
        gradients.sum((0, 1)),
    )
    return tuple(answer.to(projected.dtype) for answer in answers)
