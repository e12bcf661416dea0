"""One length and one window, which divides it.

The last block is a whole one then, and the window never longer than the text: the edges at which
things go wrong are not there.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    query, key, value = torch.randn(3, 2, 8, 4).double()
    back = torch.arange(8)[:, None] - torch.arange(8)
    seen = (back >= 0) & (back < 4)
    for scale in (None, 0.0, 0.3):
        got = sliding_window_attention(query, key, value, 4, scale=scale)
        expected = full_attention(query, key, value, seen, scale=scale)
        torch.testing.assert_close(got, expected)
