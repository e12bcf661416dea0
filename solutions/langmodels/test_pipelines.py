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

    The docstring of `best_span` says which spans there are and what each is worth.
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
            got = best_span(start, end, allowed, max_length)
            assert (got.start, got.end) == (i, j)
            assert got.score == pytest.approx(score, rel=1e-9)
    # Equally good ones: the first start, then the first end. By default 15 tokens at most.
    flat = torch.zeros(20)
    assert tuple(best_span(flat, flat, flat == 0)[:2]) == (0, 0)
    start, end = flat.clone(), flat.clone()
    start[2], end[17] = 30, 30
    assert best_span(start, end, flat == 0).end != 17
    with pytest.raises(ValueError):
        best_span(flat, flat, flat == 1)
    # END SOLUTION
