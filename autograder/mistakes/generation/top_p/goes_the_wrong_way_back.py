"""The places are used in the wrong direction.

places[j] is the token of rank j. gather with it asks for the mask at rank places[j]; scatter
brings rank j to token places[j].
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares.cumsum(-1) - shares >= p
    gone[..., 0] = False
    return logits.masked_fill(gone.gather(-1, places), -math.inf)
