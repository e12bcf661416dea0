"""Right: one query at a time, from the formula."""

import pytest

from langmodels.test_efficient_attention import *


def one_by_one(query, key, value, window, scale):
    answers = []
    for t in range(query.shape[-2]):
        near = slice(max(0, t - window + 1), t + 1)
        scores = scale * torch.einsum("...k,...sk->...s", query[..., t, :], key[..., near, :])
        weights = scores.exp() / scores.exp().sum(-1, keepdim=True)
        answers.append(torch.einsum("...s,...sv->...v", weights, value[..., near, :]))
    return torch.stack(answers, dim=-2)


@pytest.mark.parametrize("length", [1, 5, 6])
@pytest.mark.parametrize("window", [1, 2, 3, 6, 9])
@pytest.mark.parametrize("scale", [None, 0.0, 1.5])
def test_sliding_window_attention(length, window, scale):
    draw = torch.Generator().manual_seed(0)
    query, key, value = (
        torch.randn(2, length, width, generator=draw).double() for width in (4, 4, 3)
    )
    got = sliding_window_attention(query, key, value, window, scale=scale)
    expected = one_by_one(query, key, value, window, 0.5 if scale is None else scale)
    assert got.shape == expected.shape
    assert torch.allclose(got, expected, rtol=1e-9, atol=1e-11)
