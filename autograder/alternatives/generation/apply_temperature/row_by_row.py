"""Right: row by row, in 64 bits."""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    rows = logits.reshape(-1, logits.shape[-1]).double()
    cooled = []
    for row in rows:
        if temperature:
            cooled.append(row / temperature)
        else:
            cooled.append(
                torch.tensor([0.0 if z == row.max() else -math.inf for z in row]).double()
            )
    return torch.stack(cooled).view(logits.shape).to(logits.dtype)
