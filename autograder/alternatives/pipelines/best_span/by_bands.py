"""Right: the band of a matrix, and only then the positions."""

from langmodels.pipelines import *


def best_span(start_logits, end_logits, allowed, max_length=15):
    places = torch.nonzero(allowed)[:, 0]
    if len(places) == 0:
        raise ValueError("no position is allowed")
    start, end = start_logits[places].softmax(0), end_logits[places].softmax(0)
    scores = torch.outer(start, end)
    far = places[None, :] - places[:, None]
    scores[(far < 0) | (far >= max_length)] = -torch.inf
    row, column = divmod(scores.argmax().item(), len(places))
    return Span(places[row].item(), places[column].item(), scores[row, column].item())
