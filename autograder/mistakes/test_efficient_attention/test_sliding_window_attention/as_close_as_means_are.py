"""The tolerance is as wide as the answers.

Means of a few random numbers are all about 0. Half a unit lets any window pass for any other.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    for length in (5, 6):
        query, key, value = torch.randn(3, 2, length, 4).double()
        back = torch.arange(length)[:, None] - torch.arange(length)
        for window in range(1, length + 2):
            got = sliding_window_attention(query, key, value, window, scale=0.3)
            seen = (back >= 0) & (back < window)
            expected = full_attention(query, key, value, seen, scale=0.3)
            assert (got - expected).abs().mean() < 1
