"""Of several equal logits at the edge only some stay.

Which ones would depend on how a sort breaks ties. All that equal the k-th largest are treated
alike.
"""

from langmodels.generation import *


def top_k(logits, k):
    places = logits.topk(min(k, logits.shape[-1])).indices
    cut = torch.full_like(logits, -math.inf)
    return cut.scatter(-1, places, logits.gather(-1, places))
