"""The oracle's window is one too long.

The query's own position counts among the `window`. Oracles have edges too: try yours on a case
that you can do in your head, such as a window of 1, which gives each position its own value.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    query, key, value = torch.randn(3, 2, 7, 4).double()
    back = torch.arange(7)[:, None] - torch.arange(7)
    for window in (1, 2, 3):
        seen = (back >= 0) & (back <= window)
        got = sliding_window_attention(query, key, value, window)
        torch.testing.assert_close(got, full_attention(query, key, value, seen))
