"""Tests of top-p: what stays on either side of an edge, and what becomes of it.

A test is a function whose name begins with test_. `pytest src/langmodels/test_generation.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

import math

import torch

from langmodels.generation import top_p


def test_top_p() -> None:
    """Fails on every wrong top-p that you can think of, and on no right one.

    Where p is a sum of probabilities to the last digit, or where tokens of equal logits straddle
    the edge, right solutions may differ.
    """
    # BEGIN SOLUTION
    shares = torch.tensor([[0.11, 0.43, 0.07, 0.31, 0.08], [0.21, 0.02, 0.05, 0.12, 0.6]])
    for dtype in (torch.float32, torch.float64):
        logits = shares.to(dtype).log() + torch.tensor([[30.0], [-7.0]], dtype=dtype)
        for p in (0.0, 0.3, 0.42, 0.44, 0.59, 0.61, 0.73, 0.75, 0.84, 0.86, 0.94, 0.97, 0.99):
            expected = torch.full_like(logits, -math.inf)
            for row, probabilities in enumerate(shares.tolist()):
                kept = 0.0
                for token in sorted(range(5), key=lambda token: -probabilities[token]):
                    if kept == 0 or kept < p:
                        expected[row, token] = logits[row, token]
                    kept += probabilities[token]
            torch.testing.assert_close(top_p(logits, p), expected)
            torch.testing.assert_close(top_p(logits[1], p), expected[1])
            torch.testing.assert_close(top_p(logits[:, None], p), expected[:, None])
    cut = torch.tensor([[2.0, -math.inf, 1.0, -math.inf]])
    torch.testing.assert_close(top_p(cut, 0.9), cut)
    # Four thousand tokens that nobody would miss one by one; in 16 bits many of them are equal.
    long = torch.cat([torch.tensor([math.log(1000)]), -torch.arange(4000) / 1e4])
    for logits in (long, long.bfloat16()):
        probabilities = logits.double().softmax(-1)
        stay = top_p(logits, 0.6).isfinite()
        least = probabilities[stay].min()
        assert probabilities[stay].sum() > 0.6 - 1e-6
        assert probabilities[stay & (probabilities > least)].sum() < 0.6 + 1e-6
    # END SOLUTION
