"""Equal logits straddle the edge.

The docstring leaves open which of them stay. A test must not ask for more than was promised.
"""

from langmodels.test_generation import *


def test_top_p():
    got = top_p(torch.zeros(1, 4), 0.5)
    assert got.isfinite().sum() == 2
    logits = torch.tensor([[0.1, 0.5, 0.05, 0.35]]).log()
    assert (top_p(logits, 0.7) > -math.inf).tolist() == [[False, True, False, True]]
