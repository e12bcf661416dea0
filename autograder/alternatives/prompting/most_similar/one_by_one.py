"""Right: candidate by candidate, in Python's floats."""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    wanted = query.tolist()
    scored = []
    for place, row in enumerate(candidates.tolist()):
        product = math.fsum(a * b for a, b in zip(row, wanted, strict=True))
        lengths = math.hypot(*row) * math.hypot(*wanted)
        scored.append((-round(product / lengths, 12) if lengths else 0.0, place))
    return [place for _, place in sorted(scored)[:n_chosen]]
