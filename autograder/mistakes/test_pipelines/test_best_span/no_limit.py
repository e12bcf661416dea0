"""The limit is never reached.

An answer may be too long. Try limits that forbid the best span.
"""

from langmodels.test_pipelines import *


def test_best_span():
    generator = torch.Generator().manual_seed(1)
    for _ in range(20):
        start, end = torch.randn(2, 7, generator=generator)
        allowed = torch.rand(7, generator=generator) < 0.7
        allowed[3] = True
        start[~allowed], end[~allowed] = -torch.inf, -torch.inf
        scores = torch.outer(start.softmax(0), end.softmax(0)).triu()
        got = best_span(start, end, allowed)
        assert got[0] * 7 + got[1] == int(scores.argmax())
