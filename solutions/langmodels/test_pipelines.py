"""Tests of the function that finds an answer in a text.

A test is a function whose name begins with test_. `pytest src/langmodels/test_pipelines.py` runs
all of this file on your own `best_span`; graded, it runs on other people's. Add as many tests as
you like, with whatever pytest offers but files.
"""

import itertools

import pytest
import torch

from langmodels.pipelines import best_span


def test_best_span() -> None:
    """Fails on every wrong choice of a span that you can think of, and on no right one.

    The docstring of `best_span` says which spans there are and what each is worth. Take what it
    returns apart: `start, end, score = best_span(…)`, since it is a plain tuple when it is graded.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(9)
    for length, max_length in itertools.product([1, 2, 5, 9], [1, 2, 4, 30]):
        for _ in range(6):
            start, end = torch.randn(2, length, generator=generator, dtype=torch.float64) * 3
            allowed = torch.rand(length, generator=generator) < 0.6
            allowed[int(torch.randint(length, (), generator=generator))] = True
            places = allowed.nonzero()[:, 0].tolist()
            first, last = (
                dict(zip(places, p[allowed].softmax(0).tolist(), strict=True)) for p in (start, end)
            )
            spans = [
                (first[i] * last[j], i, j)
                for i in places
                for j in places
                if i <= j < i + max_length
            ]
            score, i, j = max(spans)
            *place, found = best_span(start, end, allowed, max_length)
            assert place == [i, j]
            assert found == pytest.approx(score, rel=1e-9)
    # Equally good ones: the first start, then the first end. By default 15 tokens at most.
    flat = torch.zeros(20)
    assert tuple(best_span(flat, flat, flat == 0)[:2]) == (0, 0)
    start, end = flat.clone(), flat.clone()
    start[2], end[17] = 30, 30
    assert best_span(start, end, flat == 0)[1] != 17
    # The only span that is possible has no probability that float64 could tell from 0.
    start, end = torch.zeros(2, 4, dtype=torch.float64)
    start[3], end[1] = 2000, 2000
    allowed = torch.tensor([False, True, False, True])
    assert tuple(best_span(start, end, allowed)[:2]) == (1, 1)
    with pytest.raises(ValueError):
        best_span(flat, flat, flat == 1)
    # END SOLUTION
