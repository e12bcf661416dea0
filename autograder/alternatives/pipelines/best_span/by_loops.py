"""Right: all pairs in two loops."""

from langmodels.pipelines import *


def best_span(start_logits, end_logits, allowed, max_length=15):
    places = allowed.nonzero().flatten().tolist()
    if not places:
        raise ValueError("no position is allowed")
    start = dict(zip(places, start_logits[allowed].softmax(0).tolist(), strict=True))
    end = dict(zip(places, end_logits[allowed].softmax(0).tolist(), strict=True))
    found = None
    for first in places:
        for last in places:
            if first <= last < first + max_length:
                score = start[first] * end[last]
                if found is None or score > found.score:
                    found = Span(first, last, score)
    return found
