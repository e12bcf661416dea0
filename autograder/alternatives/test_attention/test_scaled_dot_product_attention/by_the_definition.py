"""Right: compares with the definition, one query at a time, in plain Python."""

import math
import random

import pytest

from langmodels.test_attention import *


def by_hand(query, key, value, mask=None, scale=None):
    scale = 1 / math.sqrt(len(query[0])) if scale is None else scale
    answer = []
    for t, q in enumerate(query):
        scores = [scale * sum(a * b for a, b in zip(q, k, strict=True)) for k in key]
        if mask is not None:
            scores = [s if mask[t][n] else -math.inf for n, s in enumerate(scores)]
        weights = [math.exp(s) for s in scores]
        answer.append(
            [
                sum(w * v[n] for w, v in zip(weights, value, strict=True)) / sum(weights)
                for n in range(len(value[0]))
            ]
        )
    return torch.tensor(answer, dtype=torch.float64)


def matrix(rows, columns):
    return torch.tensor(
        [[random.gauss(0, 1) for _ in range(columns)] for _ in range(rows)], dtype=torch.float64
    )


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("scale", [None, 0.0, 0.7])
def test_scaled_dot_product_attention(masked, scale):
    query, key, value = matrix(3, 5), matrix(4, 5), matrix(4, 2)
    mask = [[True, n % 2 == 0, True, False] for n in range(3)] if masked else None
    given = None if mask is None else torch.tensor(mask)
    got = scaled_dot_product_attention(query, key, value, given, scale=scale)
    expected = by_hand(query.tolist(), key.tolist(), value.tolist(), mask, scale)
    assert got.tolist() == [pytest.approx(row, rel=1e-10) for row in expected.tolist()]


def test_rows_of_a_batch_do_not_meet():
    query, key, value = (torch.stack([matrix(3, 4), matrix(3, 4)]) for _ in range(3))
    got = scaled_dot_product_attention(query, key, value)
    for n in range(2):
        alone = scaled_dot_product_attention(query[n], key[n], value[n])
        assert torch.allclose(got[n], alone, rtol=1e-10, atol=1e-12)


def test_everything_learns():
    inputs = [matrix(3, 4).requires_grad_() for _ in range(3)]
    assert torch.autograd.gradcheck(scaled_dot_product_attention, inputs, fast_mode=True)
