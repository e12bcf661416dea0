"""Every position is always allowed.

The question is never in the answer: what happens at forbidden positions has to be tried.
"""

from langmodels.test_pipelines import *


def test_best_span():
    generator = torch.Generator().manual_seed(1)
    for _ in range(20):
        start, end = torch.randn(2, 7, generator=generator)
        scores = torch.outer(start.softmax(0), end.softmax(0)).triu()
        got = best_span(start, end, torch.ones(7, dtype=torch.bool))
        assert got[0] * 7 + got[1] == int(scores.argmax())
