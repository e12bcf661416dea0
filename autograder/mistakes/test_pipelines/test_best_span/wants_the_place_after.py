"""The end is expected after the last token.

So it is in slices. The docstring says that the end is among the tokens of the span.
"""

from langmodels.test_pipelines import *


def test_best_span():
    start, end = torch.zeros(6), torch.zeros(6)
    start[1], end[3] = 9, 9
    got = best_span(start, end, torch.ones(6, dtype=torch.bool))
    assert (got[0], got[1]) == (1, 4)
