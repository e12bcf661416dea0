"""What is left of the old state is added to every step."""

from langmodels.mamba import *


def parallel_selective_scan(x, step, a, b, c, state=None):
    decay = (step.unsqueeze(-1) * a).exp()
    states = associative_scan(decay, (step * x).unsqueeze(-1) * b.unsqueeze(2))
    if state is not None:
        states = states + (step.cumsum(1).unsqueeze(-1) * a).exp() * state.unsqueeze(1)
    return (states * c.unsqueeze(2)).sum(-1), states[:, -1].clone()
