"""The best start always comes before the best end.

Then each can be chosen for itself, and a wrong way passes.
"""

from langmodels.test_pipelines import *


def test_best_span():
    start, end = torch.zeros(6), torch.zeros(6)
    start[1], end[3] = 9, 9
    got = best_span(start, end, torch.ones(6, dtype=torch.bool))
    assert (got[0], got[1]) == (1, 3)
