"""The score is never looked at.

Where the span is right its score can still be a sum of logits.
"""

from langmodels.test_pipelines import *


def test_best_span():
    generator = torch.Generator().manual_seed(1)
    for length in (1, 4, 8):
        for limit in (1, 2, 3, 15):
            start, end = torch.randn(2, length, generator=generator)
            allowed = torch.ones(length, dtype=torch.bool)
            scores = torch.outer(start.softmax(0), end.softmax(0)).triu().tril(limit - 1)
            got = best_span(start, end, allowed, limit)
            assert got[0] * length + got[1] == int(scores.argmax())
