"""Right: sums from the least probable, as transformers does."""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = torch.sort(logits, descending=False)
    tail = ordered.double().softmax(dim=-1).cumsum(dim=-1)
    gone = tail <= 1 - p
    gone[..., -1:] = False
    return logits.masked_fill(torch.zeros_like(gone).scatter(-1, places, gone), -math.inf)
