"""An answer must be shorter than the limit.

A span of max_length tokens is allowed too: it is the last that is.
"""

from langmodels.pipelines import *


def best_span(start_logits, end_logits, allowed, max_length=15):
    if not allowed.any():
        raise ValueError("no position is allowed, so that no answer can be found")
    start, end = (
        logits.masked_fill(~allowed, -torch.inf).softmax(-1)
        for logits in (start_logits, end_logits)
    )
    scores = start[:, None] * end
    length = torch.arange(len(end)) - torch.arange(len(start))[:, None] + 1
    fits = (length >= 1) & (length < max(max_length, 2)) & allowed & allowed[:, None]
    best = int(scores.masked_fill(~fits, -1.0).argmax())
    first, last = divmod(best, len(end))
    return Span(first, last, float(scores[first, last]))
