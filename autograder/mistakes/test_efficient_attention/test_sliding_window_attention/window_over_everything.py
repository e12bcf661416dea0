"""The window is always longer than the text.

That is full causal attention, and a function that forgets the window passes.
"""

from langmodels.test_efficient_attention import *


def test_sliding_window_attention():
    for length in (1, 5, 8):
        query, key, value = torch.randn(3, 2, length, 4).double()
        for scale in (None, 0.0, 0.3):
            got = sliding_window_attention(query, key, value, length + 2, scale=scale)
            expected = full_attention(query, key, value, is_causal=True, scale=scale)
            torch.testing.assert_close(got, expected)
