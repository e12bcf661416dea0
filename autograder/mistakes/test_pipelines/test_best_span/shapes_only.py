"""Only the kind of the answer is checked.

Every wrong span has a start, an end and a score. A test has to look at which.
"""

from langmodels.test_pipelines import *


def test_best_span():
    start, end = torch.randn(2, 6)
    got = best_span(start, end, torch.ones(6, dtype=torch.bool))
    assert len(got) == 3
    assert 0 <= got[2] <= 1
