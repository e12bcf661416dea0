"""Start and end are exchanged.

The rows of the table are the starts, the columns the ends.
"""

from langmodels.pipelines import *


def best_span(start_logits, end_logits, allowed, max_length=15):
    if not allowed.any():
        raise ValueError("no position is allowed, so that no answer can be found")
    start, end = (
        logits.masked_fill(~allowed, -torch.inf).softmax(-1)
        for logits in (start_logits, end_logits)
    )
    scores = end[:, None] * start
    length = torch.arange(len(end)) - torch.arange(len(start))[:, None] + 1
    fits = (length >= 1) & (length <= max_length) & allowed & allowed[:, None]
    best = int(scores.masked_fill(~fits, -1.0).argmax())
    first, last = divmod(best, len(end))
    return Span(first, last, float(scores[first, last]))
