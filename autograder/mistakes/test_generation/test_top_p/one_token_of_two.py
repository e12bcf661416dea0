"""Only two tokens are tried.

Where there are two tokens nearly every mistake keeps the right one. Sums, orders and edges need
more of them.
"""

from langmodels.test_generation import *


def test_top_p():
    logits = torch.tensor([[0.9, 0.1]]).log()
    assert top_p(logits, 0.5).tolist()[0][1] == -math.inf
    assert top_p(logits, 0.95).isfinite().all()
