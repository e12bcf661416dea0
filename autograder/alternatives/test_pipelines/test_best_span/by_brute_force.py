"""Right: all pairs, on small and larger texts."""

import math

from langmodels.test_pipelines import *


def spans(start, end, allowed, limit):
    places = [i for i in range(len(start)) if allowed[i]]
    total = [sum(math.exp(float(p[i])) for i in places) for p in (start, end)]
    for i in places:
        for j in places:
            if 0 <= j - i < limit:
                score = math.exp(float(start[i])) / total[0] * math.exp(float(end[j])) / total[1]
                yield -score, i, j


def test_best_span():
    torch.manual_seed(4)
    for length in (1, 2, 6, 10, 20):
        for limit in (1, 2, 3, 15):
            for _ in range(5):
                start, end = torch.randn(2, length).double()
                allowed = torch.rand(length) < 0.7
                allowed[-1] = True
                start[~allowed] += 3
                end[~allowed] += 3
                score, i, j = min(spans(start, end, allowed, limit))
                got = best_span(start, end, allowed, limit)
                assert (got[0], got[1]) == (i, j)
                assert abs(got[2] + score) < 1e-9


def test_the_default():
    zeros = torch.zeros(20)
    start, end = zeros.clone(), zeros.clone()
    start[2], end[16] = 40, 40
    everywhere = zeros == 0
    assert tuple(best_span(start, end, everywhere)[:2]) == (2, 16)
    end[17] = 50
    assert best_span(start, end, everywhere)[1] != 17


def test_ties():
    zeros = torch.zeros(5)
    assert tuple(best_span(zeros, zeros, zeros == 0)[:2]) == (0, 0)
    with pytest.raises(ValueError):
        best_span(zeros, zeros, zeros == 1)


def test_far_from_everything():
    start = torch.tensor([0.0, 0.0, 0.0, 2000.0]).double()
    end = torch.tensor([0.0, 2000.0, 0.0, 0.0]).double()
    allowed = torch.tensor([False, True, False, True])
    assert tuple(best_span(start, end, allowed)[:2]) == (1, 1)
