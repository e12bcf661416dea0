"""Right: walks back with a list, and adds U's gradient up step by step."""

from langmodels.recurrent import *


def rnn_backward(projected, state, weight, bias, grad_outputs):
    states = [state]
    for t in range(projected.shape[1]):
        states.append(torch.tanh(projected[:, t] + states[-1] @ weight.T + bias))
    arrives, found = torch.zeros_like(state), []
    grad_weight, grad_bias = torch.zeros_like(weight), torch.zeros_like(bias)
    while len(states) > 1:
        h = states.pop()
        inside = (1 - h) * (1 + h) * (arrives + grad_outputs[:, len(states) - 1])
        grad_weight += torch.einsum("bi,bj->ij", inside, states[-1])
        grad_bias += inside.sum(0)
        arrives = torch.einsum("bi,ij->bj", inside, weight)
        found.insert(0, inside)
    grad_projected = torch.stack(found, 1) if found else torch.zeros_like(projected)
    return grad_projected, arrives, grad_weight, grad_bias
