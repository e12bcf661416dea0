"""Right: counts the sums that the mark has passed."""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = torch.cumsum(probabilities, dim=1, dtype=torch.float64)
    marks = uniform.to(torch.float64).unsqueeze(1) * sums[:, -1:]
    return (sums <= marks).sum(dim=1)
