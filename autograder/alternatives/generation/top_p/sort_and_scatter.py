"""Right: sorts all tokens and scatters the mask back."""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares.cumsum(-1) - shares >= p
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)
