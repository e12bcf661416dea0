"""Right: elimination: after each choice the kernel of what is left."""

from langmodels.prompting import *


def dpp_greedy(kernel, n_chosen):
    rest, chosen = kernel.to(torch.float64, copy=True), []
    bar = 1e-10 * float(rest.diagonal().max()) if len(rest) else 0.0
    is_open = torch.ones(len(rest), dtype=torch.bool)
    while is_open.any() and len(chosen) < n_chosen:
        factors = rest.diagonal().where(is_open, -torch.inf)
        best = int(factors.argmax())
        if factors[best] <= bar:
            break
        rest = rest - rest[:, best, None] * rest[None, best] / rest[best, best]
        chosen.append(best)
        is_open[best] = False
    return chosen
