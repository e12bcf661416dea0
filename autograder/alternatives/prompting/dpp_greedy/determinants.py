"""Right: every determinant anew, by torch."""

from langmodels.prompting import *


def dpp_greedy(kernel, n_chosen):
    kernel, chosen = kernel.double(), []
    scale = kernel.diagonal().max().item() if len(kernel) else 0.0
    if scale == 0:
        return []
    kernel = kernel / scale
    before = 1.0
    while len(chosen) < min(n_chosen, len(kernel)):
        best, volume = -1, -math.inf
        for place in range(len(kernel)):
            if place not in chosen:
                rows = [*chosen, place]
                found = torch.linalg.det(kernel[rows][:, rows]).item()
                if found > volume * (1 + 1e-12) if volume > 0 else found > volume:
                    best, volume = place, found
        if volume <= 1e-10 * before:
            break
        chosen.append(best)
        before = volume
    return chosen
