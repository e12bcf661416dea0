"""Everything is turned the other way round.

Products of queries and keys stay as they were, so that a model trained like this works. Loaded
weights do not.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([second, -first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)
