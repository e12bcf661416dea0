"""With a small p nothing stays.

If the first token is not spared, p = 0 leaves a row of -inf, and its softmax is nan. The most
probable token always stays.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares.cumsum(-1) - shares >= p
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)
