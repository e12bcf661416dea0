"""Right: makes the whole schedule as a table."""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    rise = [highest * number / warm_up for number in range(1, warm_up + 1)]
    turns = torch.arange(n_steps - warm_up, dtype=torch.float64) / max(n_steps - warm_up, 1)
    fall = lowest + (highest - lowest) * (torch.pi * turns / 2).cos() ** 2
    return [*rise, *fall.tolist(), lowest][min(step, n_steps)]
