"""Right: both sides normalised first, and Python's sort."""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    unit = torch.nn.functional.normalize(candidates.double(), dim=1)
    cosines = (unit * torch.nn.functional.normalize(query.double(), dim=0)).sum(1)
    cosines = [round(cosine, 12) for cosine in cosines.tolist()]
    return sorted(range(len(cosines)), key=lambda place: -cosines[place])[:n_chosen]
