"""The assertions stand in a function that nobody calls.

pytest calls functions whose names begin with test. What they define and do not call never runs.
"""

from langmodels.test_generation import *


def test_top_p():
    logits = torch.tensor([[0.1, 0.6, 0.3]]).log()

    def test_edge():
        assert (top_p(logits, 0.65) > -math.inf).tolist() == [[False, True, True]]
