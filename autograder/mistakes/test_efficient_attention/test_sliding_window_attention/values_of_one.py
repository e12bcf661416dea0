"""All values are equal.

Weights sum to 1 whatever they are, so the answer is the one value, with every window and every
mistake in it.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    for length in (1, 5, 6):
        for window in (1, 2, 7):
            query, key = torch.randn(2, length, 4)
            got = sliding_window_attention(query, key, torch.ones(length, 3), window, scale=0.5)
            torch.testing.assert_close(got, torch.ones(length, 3))
